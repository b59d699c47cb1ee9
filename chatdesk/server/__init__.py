"""The chat server: connections, rooms, and what every member receives. README.md tells its story."""
