"""What the writer does while no write waits: delete what is no longer kept, and build the search index, in steps."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping

from chatdesk.log import search_index
from chatdesk.log.disk_log import DiskLog
from chatdesk.log.retention import Retention, RetentionStep, apply_retention, delete_cleared
from chatdesk.log.room_log import IndexProgress
from chatdesk.log.stored_order import forget_old_entries


class MaintenanceStep:
    """A step of deleting cleared rooms and of retention in each room; without anything to delete, one of the index.

    ``notify_progress`` is called on the loop with the progress of the index, None if it is complete. ``more`` and
    ``freed`` are those of ``writer_interfaces.Maintenance``.
    """

    def __init__(
        self, retention: Retention, logs: Mapping[str, DiskLog], notify_progress: Callable[[IndexProgress | None], None]
    ) -> None:
        self.more = self.freed = False
        self._notify_progress = notify_progress
        self._progress: IndexProgress | None = None
        self._retention = retention
        self._logs = logs
        self._discarded: list[tuple[str, int, RetentionStep]] = []

    def execute(self, db: sqlite3.Connection) -> None:
        """Do the step, within the transaction of the caller."""
        self.more = self.freed = delete_cleared(db)
        now = time.time_ns() // 1_000_000
        self.freed = forget_old_entries(db, self._retention, now) or self.freed
        if self._retention:
            for number, name in db.execute("SELECT number, name FROM room WHERE name IS NOT NULL").fetchall():
                self._apply_retention(db, number, name)
        if not self.more and search_index.build_step(db):
            self.more = self.freed = True  # the index that is replaced has left unused pages
        self._progress = search_index.progress(db)

    def notify_done(self) -> None:
        """Tell the rooms what they no longer hold, and report the progress of the index; called on the loop."""
        self._notify_progress(self._progress)
        for name, number, step in self._discarded:
            if log := self._logs.get(name):
                log.discard_before(number, step.first)

    def _apply_retention(self, db: sqlite3.Connection, number: int, name: str) -> None:
        step = apply_retention(db, number, self._retention, time.time_ns() // 1_000_000)
        self._discarded.append((name, number, step))
        self.more = self.more or step.more
        self.freed = self.freed or step.freed
