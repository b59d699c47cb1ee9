"""What helps people write: completion of names, emoji and commands, and the picker of emoji."""
