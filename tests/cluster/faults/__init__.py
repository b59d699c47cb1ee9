"""Random faults of a cluster in networks of its own, while people write; what is left is checked as a history."""
