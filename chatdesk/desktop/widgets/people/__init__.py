"""The people in a room: the list, and the panel that finds somebody in it."""
