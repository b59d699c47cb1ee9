"""Where messages that wait for approval are kept: in the file, or nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from chatdesk.log.held import STORE_HELD, Held
from chatdesk.log.log_error import LogError
from chatdesk.log.statement import AwaitedStatement
from chatdesk.log.writer import Writer


class NoHeld:
    """A table that keeps nothing: the server holds them, and nothing outlives the process."""

    def all(self) -> list[Held]:
        """Nothing is left of an earlier process."""
        return []

    def store(self, held: Held, reply: Callable[[LogError | None], None]) -> None:
        """See ``HeldTable``."""
        reply(None)

    def delete(self, number: int, reply: Callable[[LogError | None], None]) -> None:
        """See ``HeldTable``."""
        reply(None)


class StoredHeld:
    """The table in the file."""

    def __init__(self, held: list[Held], writer: Writer) -> None:
        self._held = held
        self._writer = writer

    def all(self) -> list[Held]:
        """See ``HeldTable``."""
        held, self._held = self._held, []
        return held

    def store(self, held: Held, reply: Callable[[LogError | None], None]) -> None:
        """See ``HeldTable``."""
        self._writer.submit(AwaitedStatement(STORE_HELD, held, reply))

    def delete(self, number: int, reply: Callable[[LogError | None], None]) -> None:
        """See ``HeldTable``."""
        self._writer.submit(AwaitedStatement("DELETE FROM held WHERE number = ?", (number,), reply))


def read_held(db: sqlite3.Connection) -> list[Held]:
    """Return all of a file, the oldest first."""
    return [Held(*row) for row in db.execute("SELECT * FROM held ORDER BY number")]
