"""What host and moderators decide: who waits to come in."""
