"""How far somebody has read a room's log."""

from typing import NamedTuple


class StreamPosition(NamedTuple):
    """A place in a room's log: behind message ``seq`` of the log named ``epoch``; 0 is before the first message."""

    epoch: str
    seq: int


STREAM_START = StreamPosition("", 0)
"""Before everything: no log has this epoch, so a member that reads from here gets the latest page."""
