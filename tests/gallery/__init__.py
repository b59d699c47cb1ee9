"""Every screen and state of window and page, as pictures approved by a person."""
