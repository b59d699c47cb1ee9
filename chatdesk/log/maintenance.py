"""What the writer does when nobody waits: forget, and build the search index, a little at a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping

from chatdesk.log import search_index
from chatdesk.log.disk_log import DiskLog
from chatdesk.log.retention import Retention, apply_retention, delete_cleared
from chatdesk.log.room_log import IndexProgress


class MaintenanceStep:
    """One step for the rooms that were cleared, and one for each room that holds more than it should.

    Where nothing is to be forgotten, one step of the index; ``indexed`` is told how far it is.
    """

    def __init__(
        self, retention: Retention, logs: Mapping[str, DiskLog], notify_progress: Callable[[IndexProgress | None], None]
    ) -> None:
        self.more = self.freed = False
        self._notify_progress = notify_progress
        self._progress: IndexProgress | None = None
        self._retention = retention
        self._logs = logs
        self._discarded: list[tuple[str, int, int]] = []

    def execute(self, db: sqlite3.Connection) -> None:
        """Do it, within a transaction."""
        self.more = self.freed = delete_cleared(db)
        if self._retention:
            for number, name in db.execute("SELECT number, name FROM room WHERE name IS NOT NULL").fetchall():
                self._apply_retention(db, number, name)
        if not self.more and search_index.build_step(db):
            self.more = self.freed = True  # the old index has left pages behind
        self._progress = search_index.progress(db)

    def notify_done(self) -> None:
        """Tell the rooms what they hold no longer, and who waits for the index how far it is."""
        self._notify_progress(self._progress)
        for name, number, first_seq in self._discarded:
            if log := self._logs.get(name):
                log.discard_before(number, first_seq)

    def _apply_retention(self, db: sqlite3.Connection, number: int, name: str) -> None:
        step = apply_retention(db, number, self._retention, time.time_ns() // 1_000_000)
        self._discarded.append((name, number, step.first_seq))
        self.more = self.more or step.more
        self.freed = self.freed or step.freed
