"""Interfaces between the writer and its callers: what it is given to write, and what it asks of the store."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from chatdesk.log.room_log import LogError, StorageProblem


class Write(Protocol):
    """A change to be written. Outcomes are reported in the order in which the changes were submitted."""

    @property
    def erased(self) -> bool:
        """Whether it has replaced or deleted what somebody has said; known once it is written."""

    def execute(self, db: sqlite3.Connection) -> None:
        """Write it, within a transaction; called in the writer's thread."""

    def mark_committed(self) -> None:
        """Record that it is on the disk; called in the writer's thread."""

    def notify_done(self) -> None:
        """Report that it is on the disk; called on the loop."""

    def notify_failed(self, error: LogError) -> None:
        """Report that it was not written; called on the loop."""


class Notification(Protocol):
    """A change that is on the disk and was not reported yet, such as after a commit that seemed to fail."""

    def notify_done(self) -> None:
        """Report it; called on the loop."""


class Maintenance(Protocol):
    """A step of maintenance; ``more``: there is another one to do; ``freed``: it has left unused space in the file."""

    more: bool
    freed: bool

    def execute(self, db: sqlite3.Connection) -> None:
        """Do the step, within a transaction; called in the writer's thread."""

    def notify_done(self) -> None:
        """Report that it is on the disk; called on the loop."""


class WriterOwner(Protocol):
    """The owner of the file. All methods but ``on_problem`` are called in the writer's thread."""

    def on_problem(self, problem: StorageProblem | None) -> None:
        """Take note of another problem, or None if it is over; called on the loop."""

    def quarantine(self) -> None:
        """Replace the damaged file by one with all that can be read of it."""

    def reopen(self) -> tuple[sqlite3.Connection, list[Notification]]:
        """Open the file after a failure; return a connection, and what is in it that was not reported."""

    def next_maintenance(self) -> Maintenance:
        """Return the next step of maintenance."""
