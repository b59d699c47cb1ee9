"""What is ordered besides what is said in rooms: each kind knows how it is written and what follows from it."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from chatdesk.log.operations import Operation, Ordered


class Kind[Change: Operation](Protocol):
    """One kind of changes, on a node."""

    @property
    def changes(self) -> tuple[type[Change], ...]:
        """The operations that are of this kind."""

    def write(self, db: sqlite3.Connection, change: Change, entry: Ordered, /) -> None:
        """Write it at its place, in the writer's thread, within the transaction of the caller."""

    def followed(self, change: Change, entry: Ordered, /, *, own: bool) -> None:
        """It is written: let it be so on this node. ``own``: this node has proposed it, and was answered."""
