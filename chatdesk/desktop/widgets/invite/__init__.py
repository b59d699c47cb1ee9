"""How others get in: the address card, the steps, and each way to write the address."""
