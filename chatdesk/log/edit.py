"""Edits messages in the file, and in its search index at the same time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from chatdesk.log import search_index
from chatdesk.log.history_pages import RoomView, record_at
from chatdesk.log.room_epoch import Extent, RoomEpoch
from chatdesk.log.room_log import Duplicate, Edit, EditRefusal, LogError, NotFound, NotYours, Record
from chatdesk.log.schema import content_digest, entry_place


@dataclass(slots=True)
class EditMessage:
    """An edit that is to be written, and the outcome."""

    get_epoch: Callable[[], RoomEpoch]
    edit: Edit
    on_record: Callable[[Record], None]
    reply: Callable[[Record | EditRefusal], None]
    epoch: RoomEpoch | None = None
    record: Record | None = None
    refusal: EditRefusal | None = None

    def execute(self, db: sqlite3.Connection) -> None:
        """Write it, unless it is refused, within the transaction of the caller."""
        room = self.get_epoch()
        seq = self.edit.seq
        held = record_at(db, RoomView.of(room), seq) if 0 < seq <= room.written.seq else None
        self.refusal = refusal_of(held, self.edit, room.author(self.edit.identity))
        if held and self.refusal is None:
            self.epoch = room
            self.record = _update(db, room, held, self.edit.content)

    def mark_committed(self) -> None:
        """Record that the commit is on the disk; called in the writer's thread."""
        if self.epoch and self.record:
            self.epoch.committed = self.epoch.committed._replace(change=self.record.change)

    def notify_done(self) -> None:
        """Report the outcome; called on the loop."""
        if self.record:
            self.on_record(self.record)
        if outcome := self.record or self.refusal:
            self.reply(outcome)

    def notify_failed(self, error: LogError) -> None:
        """Report that nothing was stored; called on the loop."""
        self.reply(error)


def refusal_of(held: Record | None, edit: Edit, author: str) -> EditRefusal | None:
    """Return why this author may not edit a record so; None if they may. ``held`` None: there is no such record."""
    if held is None:
        return NotFound()
    if held.author != author:
        return NotYours()
    return Duplicate(held) if held.content == edit.content else None


def edited(held: Record, content: str, change: int) -> Record:
    """Return a record after an edit now."""
    return held._replace(content=content, change=change, edited=time.time_ns() // 1_000_000)


def _update(db: sqlite3.Connection, room: RoomEpoch, held: Record, content: str) -> Record:
    """Write an edit. The digest stays that of the first content, which its sender may send again."""
    room.written = Extent(room.written.seq, room.written.change + 1)
    record = edited(held, content, room.written.change)
    place = entry_place(room.number, held.seq)
    db.execute(
        "UPDATE entry SET content = ?, edited = ?, amended = ?, digest = coalesce(digest, ?) WHERE place = ?",
        (content, record.edited, entry_place(room.number, record.change), content_digest(held.content), place),
    )
    search_index.replace(db, place, held.content, content)
    db.execute("UPDATE room SET last_change = ? WHERE number = ?", (record.change, room.number))
    return record
