"""How machines on the network find each other."""
