"""Qt models for the views: they hold rows and nothing else; the source is the client's state."""
