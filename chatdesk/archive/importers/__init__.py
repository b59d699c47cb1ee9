"""Readers of other programs' exports, and of our own: each turns a file into the one stream that ``stream`` defines."""
