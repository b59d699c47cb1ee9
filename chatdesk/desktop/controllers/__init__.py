"""Controllers: what a person does beside chatting, one module for each task. They own the dialogs for it."""
