"""After a failed commit: compares a room with the file, and finds what has to be announced."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from chatdesk.log import history_pages
from chatdesk.log.append import RoomEpoch
from chatdesk.log.disk_log import DiskLog
from chatdesk.log.history_pages import RoomRange
from chatdesk.log.room_log import Entry
from chatdesk.log.writer_interfaces import Notification


class UnreportedEntries:
    """Entries that are on the disk although their commit seemed to fail."""

    def __init__(self, log: DiskLog, entries: Sequence[Entry]) -> None:
        self._log = log
        self._entries = entries

    def notify_done(self) -> None:
        """Announce them."""
        for entry in self._entries:
            self._log.entry_committed(entry)


class RoomReset:
    """A room whose history is now another one, which begins at ``first_seq``."""

    def __init__(self, log: DiskLog, room_epoch: RoomEpoch, first_seq: int) -> None:
        self._log = log
        self._room_epoch = room_epoch
        self._first_seq = first_seq
        self._last_seq = room_epoch.committed

    def notify_done(self) -> None:
        """Announce the reset."""
        self._log.reset(self._room_epoch, self._last_seq, self._first_seq)


def recover(db: sqlite3.Connection, log: DiskLog, new_epoch: RoomEpoch) -> Notification | None:
    """Adapt the room to the file; if it is no longer there, it continues as ``new_epoch``.

    Returns what has to be announced once the connection is in use; None if nothing has changed.
    """
    known = log.committed_epoch
    row = db.execute("SELECT number, epoch, first_seq, last_seq FROM room WHERE name = ?", (log.name,)).fetchone()
    if row is None:
        if known.committed:
            return _switch_epoch(log, new_epoch)
        known.written = 0
        log.writing_epoch = known
        return None
    number, epoch, first_seq, last_seq = row
    if epoch == known.epoch and last_seq < known.committed:  # an older copy: clients have seen more
        epoch = new_epoch.epoch
        db.execute("UPDATE room SET epoch = ? WHERE number = ?", (epoch, number))
    if epoch != known.epoch:
        return _switch_epoch(log, RoomEpoch(number, log.name, epoch, last_seq, last_seq), first_seq)
    log.writing_epoch = known
    missed = RoomRange(number, log.name, known.committed + 1, last_seq)
    known.written = known.committed = last_seq
    return UnreportedEntries(log, history_pages.entries(db, missed)) if missed.last_seq >= missed.first_seq else None


def _switch_epoch(log: DiskLog, room_epoch: RoomEpoch, first_seq: int = 1) -> RoomReset:
    log.writing_epoch = log.committed_epoch = room_epoch
    return RoomReset(log, room_epoch, first_seq)
