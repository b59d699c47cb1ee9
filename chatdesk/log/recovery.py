"""After a failed commit: what of a room is really on the disk, and what of it nobody has been told."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from chatdesk.log import pages
from chatdesk.log.appending import Incarnation
from chatdesk.log.durable import DurableLog
from chatdesk.log.pages import Extent
from chatdesk.log.room_log import Entry
from chatdesk.log.writes import News


class Found:
    """Entries that are on the disk although their commit was reported as failed."""

    def __init__(self, log: DurableLog, entries: Sequence[Entry]) -> None:
        self._log = log
        self._entries = entries

    def done(self) -> None:
        """Tell of them: nothing takes them back any more."""
        for entry in self._entries:
            self._log.keep(entry)


class Anew:
    """A room whose history is another one now, from ``first_seq`` on."""

    def __init__(self, log: DurableLog, incarnation: Incarnation, first_seq: int) -> None:
        self._log = log
        self._incarnation = incarnation
        self._first_seq = first_seq
        self._last_seq = incarnation.committed

    def done(self) -> None:
        """Tell of it."""
        self._log.begin_anew(self._incarnation, self._last_seq, self._first_seq)


def recover(db: sqlite3.Connection, log: DurableLog, fresh: Incarnation) -> News | None:
    """Go on with the room as it is in the file; with ``fresh`` where it is not there any more."""
    settled = log.settled
    row = db.execute("SELECT number, epoch, first_seq, last_seq FROM room WHERE name = ?", (log.name,)).fetchone()
    if row is None:
        if settled.committed:
            return _go_on(log, fresh)
        settled.written = 0
        log.writing = settled
        return None
    number, epoch, first_seq, last_seq = row
    if epoch == settled.epoch and last_seq < settled.committed:  # an earlier copy: others know more than it does
        epoch = fresh.epoch
        db.execute("UPDATE room SET epoch = ? WHERE number = ?", (epoch, number))
    if epoch != settled.epoch:
        return _go_on(log, Incarnation(number, log.name, epoch, last_seq, last_seq), first_seq)
    log.writing = settled
    missed = Extent(number, log.name, settled.committed + 1, last_seq)
    settled.written = settled.committed = last_seq
    return Found(log, pages.entries(db, missed)) if missed.last_seq >= missed.first_seq else None


def _go_on(log: DurableLog, incarnation: Incarnation, first_seq: int = 1) -> Anew:
    log.writing = log.settled = incarnation
    return Anew(log, incarnation, first_seq)
