"""ChatDesk: a chat for a room full of people, out of one computer."""

__version__ = "0.1.0"
