"""What the writer is given to write, and what it asks of whose file it is."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from chatdesk.log.room_log import LogError, Problem


class Write(Protocol):
    """Something to be written. What it has become is told on the loop, in the order in which it was put in."""

    def carry_out(self, db: sqlite3.Connection) -> None:
        """Write it, within a transaction, in the writer's thread."""

    def settle(self) -> None:
        """It is on the disk; still in the writer's thread."""

    def done(self) -> None:
        """It is on the disk."""

    def failed(self, error: LogError) -> None:
        """Nothing of it is there."""


class News(Protocol):
    """Something that was written without anybody being told."""

    def done(self) -> None:
        """It is on the disk."""


class Chore(Protocol):
    """A step of tidying up; ``more``: there is another one to do; ``freed``: it has left something behind."""

    more: bool
    freed: bool

    def carry_out(self, db: sqlite3.Connection) -> None:
        """Do it, within a transaction, in the writer's thread."""

    def done(self) -> None:
        """It is on the disk."""


class Owner(Protocol):
    """Whose file it is. All but ``trouble`` is called in the writer's thread."""

    def trouble(self, problem: Problem | None) -> None:
        """There is another problem, or none any more; called on the loop."""

    def put_aside(self) -> None:
        """The file is damaged: nothing may touch it any more."""

    def open_again(self) -> tuple[sqlite3.Connection, list[News]]:
        """After a failure: go on with what is in the file; the list is what has been kept without being told."""

    def chore(self) -> Chore:
        """The next step of what is done when nobody waits."""
