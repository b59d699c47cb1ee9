"""Widgets that any screen or dialog may use. They know the theme, and nothing of a chat."""
