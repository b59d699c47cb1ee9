"""What views show, as Qt models: rows and nothing else; the truth is the client's state."""
