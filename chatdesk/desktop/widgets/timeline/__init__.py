"""The timeline: ``view`` is the widget; ``row_painter`` and the modules that it calls paint its rows."""
