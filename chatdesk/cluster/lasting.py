"""What was done while nothing could be ordered: it is kept, also across a restart of the node, and ordered later."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable

import msgspec

from chatdesk.log.operations import LastingOperation, Operation
from chatdesk.log.ordered_log import ProposedChange
from chatdesk.log.room_log import LogError
from chatdesk.log.statement import Statement

_AGAIN_SECONDS = 1.0
"""Until it is tried again where it is not known when it will work, as when the memory of Redis is full."""
_NAME = "cluster_waiting"
_STORE = "INSERT OR REPLACE INTO about VALUES (?, ?)"
_decode = msgspec.json.Decoder(list[LastingOperation]).decode


def read_waiting(db: sqlite3.Connection) -> tuple[LastingOperation, ...]:
    """Return what had to be ordered yet when the node ended."""
    row = db.execute("SELECT value FROM about WHERE name = ?", (_NAME,)).fetchone()
    return tuple(_decode(row[0])) if row else ()


def write_waiting(db: sqlite3.Connection, waiting: Iterable[LastingOperation]) -> None:
    """Write the same, within the transaction of the caller."""
    db.execute(_STORE, (_NAME, _encode(waiting)))


def _encode(waiting: Iterable[LastingOperation]) -> str:
    return msgspec.json.encode(list(waiting)).decode()


class LastingProposals:
    """Proposes operations until each is ordered, in their order; ``write`` stores those that wait for that."""

    def __init__(
        self,
        propose: Callable[[Operation, ProposedChange], None],
        write: Callable[[Statement], object],
        waiting: Iterable[LastingOperation],
    ) -> None:
        self._propose = propose
        self._write = write
        self._waiting = {operation.id: operation for operation in waiting}
        self._proposed: dict[str, LastingOperation] = {}
        self._timer: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> list[LastingOperation]:
        """What has to be ordered yet."""
        return list(self._waiting.values())

    @property
    def unordered(self) -> list[LastingOperation]:
        """What was done here and has no place yet, so that it comes after all that has one."""
        return list((self._waiting | self._proposed).values())

    def propose(self, operation: LastingOperation, reply: Callable[[LogError | None], None]) -> None:
        """Order it; ``reply`` gets an error if that takes until something works again."""
        self.propose_again()
        self._propose_now(operation, reply)

    def propose_again(self) -> None:
        """Order what waits, if that is possible now."""
        self.close()
        for operation in self.waiting:
            if operation.id not in self._proposed:
                self._propose_now(operation, lambda _error: None)

    def followed(self, operation: LastingOperation) -> None:
        """It was ordered, even if its proposal was answered with an error."""
        self._proposed.pop(operation.id, None)
        if self._waiting.pop(operation.id, None):
            self._keep()

    def close(self) -> None:
        """Try nothing by oneself any more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _propose_now(self, operation: LastingOperation, reply: Callable[[LogError | None], None]) -> None:
        def replied(error: LogError | None) -> None:
            self._proposed.pop(operation.id, None)
            if error:
                self._wait(operation)
            else:  # also if it was followed before, as a part of a copy of another node's history
                self.followed(operation)
            reply(error)

        self._proposed[operation.id] = operation
        self._propose(operation, ProposedChange(replied))

    def _wait(self, operation: LastingOperation) -> None:
        if operation.id not in self._waiting:
            self._waiting[operation.id] = operation
            self._keep()
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_AGAIN_SECONDS, self.propose_again)

    def _keep(self) -> None:
        self._write(Statement(_STORE, (_NAME, _encode(self.waiting))))
