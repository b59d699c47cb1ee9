"""Standings and the audit trail in the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial

from chatdesk.log.order import AUDIT_ENTRIES, AuditEntry, OneOrder, Standing, StandingKind
from chatdesk.log.reader import Reader
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import LogError
from chatdesk.log.writer import Writer

_DAY_MS = 24 * 60 * 60 * 1000
STORE_STANDING = "INSERT OR REPLACE INTO standing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_COLUMNS = "time, act, actor, whom, identity, room, reason, until, detail"
_ADD_ENTRY = f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_READ_ENTRIES = f"SELECT {_COLUMNS}, number FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?"
_NEWEST = 2**62


class DiskOrder(OneOrder):
    """The ``OrderStore`` of a file."""

    def __init__(self, standings: list[Standing], writer: Writer, reader: Reader) -> None:
        self._standings = standings
        self._writer = writer
        self._reader = reader

    def standings(self) -> list[Standing]:
        """See ``OrderStore``."""
        standings, self._standings = self._standings, []
        return standings

    def store(
        self,
        begun: Sequence[Standing],
        ended: Sequence[Standing],
        entry: AuditEntry | None,
        reply: Callable[[str], None],
    ) -> None:
        """See ``OrderStore``."""
        self._writer.submit(_StoreOrder(begun, ended, entry, reply))

    async def audit(self, before: int | None, limit: int) -> list[AuditEntry]:
        """See ``OrderStore``."""
        return await self._reader.read(partial(read_audit, before=before, limit=limit))


class _StoreOrder:
    """Writes what an act has changed, in the writer's thread, and says so on the loop."""

    erased = False

    def __init__(
        self,
        begun: Sequence[Standing],
        ended: Sequence[Standing],
        entry: AuditEntry | None,
        reply: Callable[[str], None],
    ) -> None:
        self._begun = begun
        self._ended = ended
        self._entry = entry
        self._reply = reply

    def execute(self, db: sqlite3.Connection) -> None:
        """Write it, within the transaction of the caller."""
        store_order(db, self._begun, self._ended, self._entry)

    def mark_committed(self) -> None:
        """Nothing in the writer's thread depends on it."""

    def notify_done(self) -> None:
        """Report that it is stored."""
        self._reply("")

    def notify_failed(self, error: LogError) -> None:
        """Report that it is not."""
        self._reply(f"It holds now, but not beyond a restart: {error.problem.sentence}")


def store_order(
    db: sqlite3.Connection, begun: Sequence[Standing], ended: Sequence[Standing], entry: AuditEntry | None
) -> None:
    """Write what an act has changed, within the transaction of the caller."""
    for standing in ended:
        db.execute("DELETE FROM standing WHERE identity = ? AND room = ? AND kind = ?", standing.key)
    for standing in begun:
        db.execute(STORE_STANDING, standing)
    if entry:
        db.execute(_ADD_ENTRY, entry[:-1])


def read_standings(db: sqlite3.Connection) -> list[Standing]:
    """Return all standings, also those that have ended since."""
    rows = db.execute("SELECT * FROM standing")
    return [Standing(identity, StandingKind(kind), *rest) for identity, kind, *rest in rows]


def read_audit(db: sqlite3.Connection, before: int | None, limit: int) -> list[AuditEntry]:
    """Return entries of the audit trail; see ``OrderStore``."""
    return [AuditEntry(*row) for row in db.execute(_READ_ENTRIES, (before or _NEWEST, limit))]


def forget_old_entries(db: sqlite3.Connection, retention: Retention, now: int) -> bool:
    """Delete entries beyond AUDIT_ENTRIES, or older than retention keeps anything; ``now`` is in ms since 1970.

    Returns whether there were any.
    """
    before = db.total_changes
    db.execute("DELETE FROM audit WHERE number <= (SELECT max(number) FROM audit) - ?", (AUDIT_ENTRIES,))
    if retention.days:
        db.execute("DELETE FROM audit WHERE time < ?", (now - int(retention.days * _DAY_MS),))
    return db.total_changes > before
