"""The chat server: who is connected, who is in which room, and what everyone receives."""
