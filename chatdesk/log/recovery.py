"""After a failed commit: what of a room is really on the disk, and what of it nobody has been told."""

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
    """Entries that are on the disk although their commit was reported as failed."""

    def __init__(self, log: DiskLog, entries: Sequence[Entry]) -> None:
        self._log = log
        self._entries = entries

    def notify_done(self) -> None:
        """Tell of them: nothing takes them back any more."""
        for entry in self._entries:
            self._log.entry_committed(entry)


class RoomReset:
    """A room whose history is another one now, from ``first_seq`` on."""

    def __init__(self, log: DiskLog, room_epoch: RoomEpoch, first_seq: int) -> None:
        self._log = log
        self._room_epoch = room_epoch
        self._first_seq = first_seq
        self._last_seq = room_epoch.committed

    def notify_done(self) -> None:
        """Tell of it."""
        self._log.reset(self._room_epoch, self._last_seq, self._first_seq)


def recover(db: sqlite3.Connection, log: DiskLog, new_epoch: RoomEpoch) -> Notification | None:
    """Go on with the room as it is in the file; with ``fresh`` where it is not there any more."""
    known = log.committed_epoch
    row = db.execute("SELECT number, epoch, first_seq, last_seq FROM room WHERE name = ?", (log.name,)).fetchone()
    if row is None:
        if known.committed:
            return _switch_epoch(log, new_epoch)
        known.written = 0
        log.writing_epoch = known
        return None
    number, epoch, first_seq, last_seq = row
    if epoch == known.epoch and last_seq < known.committed:  # an earlier copy: others know more than it does
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
