"""What a check of the connection shows."""
