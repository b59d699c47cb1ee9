"""Every screen and state of window and page, as pictures that a person has approved."""
