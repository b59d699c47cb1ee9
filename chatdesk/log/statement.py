"""A single statement as something to be written, for the writer's thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from chatdesk.log.log_error import LogError


class Statement:
    """A change that nobody waits for: if it fails, so do messages, and their senders are told."""

    erased = False

    def __init__(self, sql: str, values: tuple[str | int | None, ...]) -> None:
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


class AwaitedStatement(Statement):
    """A change whose outcome somebody waits for."""

    def __init__(
        self, sql: str, values: tuple[str | int | None, ...], reply: Callable[[LogError | None], None]
    ) -> None:
        super().__init__(sql, values)
        self._reply = reply

    def notify_done(self) -> None:
        """Report that it is stored."""
        self._reply(None)

    def notify_failed(self, error: LogError) -> None:
        """Report that nothing has changed."""
        self._reply(error)
