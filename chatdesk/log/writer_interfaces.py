"""What the writer is given to write, and what it asks of whose file it is."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from chatdesk.log.room_log import LogError, StorageProblem


class Write(Protocol):
    """Something to be written. What it has become is told on the loop, in the order in which it was put in."""

    def execute(self, db: sqlite3.Connection) -> None:
        """Write it, within a transaction, in the writer's thread."""

    def mark_committed(self) -> None:
        """It is on the disk; still in the writer's thread."""

    def notify_done(self) -> None:
        """It is on the disk."""

    def notify_failed(self, error: LogError) -> None:
        """Nothing of it is there."""


class Notification(Protocol):
    """Something that was written without anybody being told."""

    def notify_done(self) -> None:
        """It is on the disk."""


class Maintenance(Protocol):
    """A step of tidying up; ``more``: there is another one to do; ``freed``: it has left something behind."""

    more: bool
    freed: bool

    def execute(self, db: sqlite3.Connection) -> None:
        """Do it, within a transaction, in the writer's thread."""

    def notify_done(self) -> None:
        """It is on the disk."""


class WriterOwner(Protocol):
    """Whose file it is. All but ``trouble`` is called in the writer's thread."""

    def on_problem(self, problem: StorageProblem | None) -> None:
        """There is another problem, or none any more; called on the loop."""

    def quarantine(self) -> None:
        """The file is damaged: nothing may touch it any more."""

    def reopen(self) -> tuple[sqlite3.Connection, list[Notification]]:
        """After a failure: go on with what is in the file; the list is what has been kept without being told."""

    def next_maintenance(self) -> Maintenance:
        """The next step of what is done when nobody waits."""
