"""The timeline: ``view`` scrolls and is pointed at, the others measure and paint one kind of row each."""
