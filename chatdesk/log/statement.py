"""A single statement as something to be written, for the writer's thread."""

from __future__ import annotations

import sqlite3

from chatdesk.log.room_log import LogError


class Statement:
    """A change that nobody waits for: if it fails, so do messages, and their senders are told."""

    erased = False

    def __init__(self, sql: str, values: tuple[str | int, ...]) -> None:
        self._sql = sql
        self._values = values

    def execute(self, db: sqlite3.Connection) -> None:
        """See ``Write``."""
        db.execute(self._sql, self._values)

    def mark_committed(self) -> None:
        """Nothing in the writer's thread depends on it."""

    def notify_done(self) -> None:
        """Nobody waits for it."""

    def notify_failed(self, error: LogError) -> None:
        """Nobody waits for it."""
