"""After a failed commit: compares a room with the file, and finds what has to be announced."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from chatdesk.log import history_pages
from chatdesk.log.disk_log import DiskLog
from chatdesk.log.history_pages import RoomView
from chatdesk.log.room_epoch import EMPTY, FIRST, Extent, RoomEpoch
from chatdesk.log.room_log import Record
from chatdesk.log.writer_interfaces import Notification


class UnreportedChanges:
    """Changes that are on the disk although their commit seemed to fail."""

    def __init__(self, log: DiskLog, records: Sequence[Record]) -> None:
        self._log = log
        self._records = records

    def notify_done(self) -> None:
        """Announce them, but for those that were told of before they were written."""
        for record in self._records:
            if record.change > self._log.last_change:
                self._log.record_committed(record)


class RoomReset:
    """A room whose history is now another one, which begins with ``first``."""

    def __init__(self, log: DiskLog, room_epoch: RoomEpoch, first: Extent) -> None:
        self._log = log
        self._room_epoch = room_epoch
        self._first = first
        self._last = room_epoch.committed

    def notify_done(self) -> None:
        """Announce the reset."""
        self._log.reset(self._room_epoch, self._last, self._first)


def recover(db: sqlite3.Connection, log: DiskLog, new_epoch: RoomEpoch) -> Notification | None:
    """Adapt the room to the file; if it is no longer there, it continues as ``new_epoch``.

    Returns what has to be announced once the connection is in use; None if nothing has changed.
    """
    known = log.committed_epoch
    row = db.execute(
        "SELECT number, epoch, first_seq, first_change, last_seq, last_change FROM room WHERE name = ?", (log.name,)
    ).fetchone()
    if row is None:
        if known.committed.change:
            return _switch_epoch(log, new_epoch)
        known.written = EMPTY
        log.writing_epoch = known
        return None
    number, epoch, first, last = row[0], row[1], Extent(*row[2:4]), Extent(*row[4:6])
    older = last.seq < known.committed.seq or last.change < known.committed.change
    if epoch == known.epoch and older:  # an older copy: clients have seen more
        epoch = new_epoch.epoch
        db.execute("UPDATE room SET epoch = ? WHERE number = ?", (epoch, number))
    if epoch != known.epoch:
        return _switch_epoch(log, RoomEpoch(number, log.name, epoch, log.author, last, last), first)
    log.writing_epoch = known
    missed = history_pages.changes_after(db, RoomView(number, log.name, first.seq, *last, log.author), known.committed)
    known.written = known.committed = last
    return UnreportedChanges(log, missed) if missed else None


def _switch_epoch(log: DiskLog, room_epoch: RoomEpoch, first: Extent = FIRST) -> RoomReset:
    log.writing_epoch = log.committed_epoch = room_epoch
    return RoomReset(log, room_epoch, first)
