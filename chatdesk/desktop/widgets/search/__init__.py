"""Searching the history: the field, the panel beside the timeline, and its results."""
