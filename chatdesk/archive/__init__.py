"""The commands ``chatdesk export`` and ``chatdesk backup``, which read a history also while it is hosted."""
