"""The list of rooms."""
