"""Where messages that wait for approval are kept: in the file, or nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import count

from chatdesk.log.held import STORE_HELD, Held
from chatdesk.log.log_error import LogError
from chatdesk.log.statement import AwaitedStatement
from chatdesk.log.writer import Writer

DELETE_HELD = "DELETE FROM held WHERE number = ?"


class _OneTable:
    """A table that no other server changes, and whose numbers are its own."""

    on_held: Callable[[Held], None] = staticmethod(lambda _held: None)
    on_decided: Callable[[int, bool, str], None] = staticmethod(lambda _number, _approved, _declined: None)

    def __init__(self, last: int = 0) -> None:
        self._numbers = count(last + 1)

    def add(self, held: Held, reply: Callable[[Held | LogError], None]) -> None:
        """See ``HeldTable``."""
        numbered = held._replace(number=next(self._numbers))
        self.decline(numbered, lambda error: reply(error or numbered))

    def decline(self, held: Held, reply: Callable[[LogError | None], None]) -> None:
        """See ``HeldTable``."""
        reply(None)


class NoHeld(_OneTable):
    """A table that keeps nothing: the server holds them, and nothing outlives the process."""

    def all(self) -> list[Held]:
        """Nothing is left of an earlier process."""
        return []

    def delete(self, number: int, reply: Callable[[LogError | None], None]) -> None:
        """See ``HeldTable``."""
        reply(None)


class StoredHeld(_OneTable):
    """The table in the file."""

    def __init__(self, held: list[Held], writer: Writer) -> None:
        super().__init__(max((one.number for one in held), default=0))
        self._held = held
        self._writer = writer

    def all(self) -> list[Held]:
        """See ``HeldTable``."""
        held, self._held = self._held, []
        return held

    def decline(self, held: Held, reply: Callable[[LogError | None], None]) -> None:
        """See ``HeldTable``."""
        self._writer.submit(AwaitedStatement(STORE_HELD, held, reply))

    def delete(self, number: int, reply: Callable[[LogError | None], None]) -> None:
        """See ``HeldTable``."""
        self._writer.submit(AwaitedStatement(DELETE_HELD, (number,), reply))


def read_held(db: sqlite3.Connection) -> list[Held]:
    """Return all of a file, the oldest first."""
    return [Held(*row) for row in db.execute("SELECT * FROM held ORDER BY number")]
