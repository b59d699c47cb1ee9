"""One epoch of a room, as the file holds it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class Extent(NamedTuple):
    """An end of a room: its newest message and its newest change, or its oldest ones."""

    seq: int = 0
    change: int = 0


EMPTY = Extent()
"""The newest of a room without messages."""
FIRST = Extent(1, 1)
"""The oldest of a room from which nothing was deleted."""


@dataclass(slots=True)
class RoomEpoch:
    """From one deletion of a room's history to the next, as the writer's thread sees it.

    ``number`` is the room's number in the file, ``author`` turns an identity into its public id. ``written`` is what
    was inserted, ``committed`` what is on the disk.
    """

    number: int
    name: str
    epoch: str
    author: Callable[[str], str]
    written: Extent = EMPTY
    committed: Extent = EMPTY
