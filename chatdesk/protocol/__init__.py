"""The wire, without I/O: commands, events, their codec, error and close codes, the rules for names, texts and links."""

VERSION = 1
"""The protocol's version, sent in ``welcome``."""
