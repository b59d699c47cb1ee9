"""Minimal chat servers that speak the same join and message as ChatDesk, and broadcast to all who joined."""
