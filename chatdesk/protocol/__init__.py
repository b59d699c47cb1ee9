"""The wire, without I/O: commands, events, their codec, error codes, close codes and nickname rules."""

VERSION = 1
"""The protocol's version, sent in ``welcome``."""
