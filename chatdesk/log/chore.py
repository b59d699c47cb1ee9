"""What the writer does when nobody waits: forget, and build the search index, a little at a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping

from chatdesk.log import index
from chatdesk.log.durable import DurableLog
from chatdesk.log.room_log import Indexing
from chatdesk.log.sweep import Keep, sweep, trim


class Chore:
    """One step for the rooms that were cleared, and one for each room that holds more than it should.

    Where nothing is to be forgotten, one step of the index; ``indexed`` is told how far it is.
    """

    def __init__(self, keep: Keep, logs: Mapping[str, DurableLog], indexed: Callable[[Indexing | None], None]) -> None:
        self.more = self.freed = False
        self._indexed = indexed
        self._indexing: Indexing | None = None
        self._keep = keep
        self._logs = logs
        self._trimmed: list[tuple[str, int, int]] = []

    def carry_out(self, db: sqlite3.Connection) -> None:
        """Do it, within a transaction."""
        self.more = self.freed = sweep(db)
        if self._keep:
            for number, name in db.execute("SELECT number, name FROM room WHERE name IS NOT NULL").fetchall():
                self._trim(db, number, name)
        if not self.more and index.extend(db):
            self.more = self.freed = True  # the old index has left pages behind
        self._indexing = index.progress(db)

    def done(self) -> None:
        """Tell the rooms what they hold no longer, and who waits for the index how far it is."""
        self._indexed(self._indexing)
        for name, number, first_seq in self._trimmed:
            if log := self._logs.get(name):
                log.trimmed(number, first_seq)

    def _trim(self, db: sqlite3.Connection, number: int, name: str) -> None:
        trimmed = trim(db, number, self._keep, time.time_ns() // 1_000_000)
        self._trimmed.append((name, number, trimmed.first_seq))
        self.more = self.more or trimmed.more
        self.freed = self.freed or trimmed.freed
