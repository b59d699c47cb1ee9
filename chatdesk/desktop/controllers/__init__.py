"""What the application does beside the conversation: one controller for each task of a person."""
