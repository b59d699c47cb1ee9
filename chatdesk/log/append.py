"""Inserts messages into the file: numbered without gaps, and only once for each ``id`` of a sender."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chatdesk.log import search_index
from chatdesk.log.history_pages import RoomRange, message_at
from chatdesk.log.retention import delete_entries
from chatdesk.log.room_log import Draft, Duplicate, Entry, IdReused, Refusal
from chatdesk.log.schema import SEQ_BITS, content_digest, entry_place
from chatdesk.protocol import codec, events

_SEQ_MASK = (1 << SEQ_BITS) - 1


@dataclass(slots=True)
class RoomEpoch:
    """One epoch of a room, from one deletion of its history to the next, as the writer's thread sees it.

    ``number`` is the room's number in the file. ``written`` is the last entry that was inserted, ``committed`` the last
    one that is on the disk.
    """

    number: int
    name: str
    epoch: str
    written: int = 0
    committed: int = 0


@dataclass(slots=True)
class Append:
    """A draft that is to be inserted, and the outcome."""

    get_epoch: Callable[[], RoomEpoch]
    draft: Draft
    on_entry: Callable[[Entry], None]
    refuse: Callable[[Refusal], None]
    epoch: RoomEpoch | None = None
    entry: Entry | None = None
    refusal: Refusal | None = None
    duplicate_of: Append | None = None
    """An earlier one of the same batch with the same ``id``."""

    def mark_committed(self) -> None:
        """Record that the commit is on the disk; called in the writer's thread."""
        if self.epoch and self.entry:
            self.epoch.committed = self.entry.seq

    def notify_done(self) -> None:
        """Report the outcome; called on the loop."""
        if self.duplicate_of and self.duplicate_of.entry:
            first = self.duplicate_of.draft
            same = (first.room, first.content) == (self.draft.room, self.draft.content)
            self.refusal = Duplicate(self.duplicate_of.entry) if same else IdReused()
        if self.entry:
            self.on_entry(self.entry)
        elif self.refusal is not None:
            self.refuse(self.refusal)

    def notify_failed(self, error: Refusal) -> None:
        """Report that nothing was stored; called on the loop."""
        self.refuse(error)


def insert(db: sqlite3.Connection, appends: Sequence[Append]) -> None:
    """Insert these in order, within the transaction of the caller.

    Nearly always all of them are new. So they are inserted together first, and examined one by one only if that fails.
    """
    written = [(room, room.written) for room in _epochs(appends)]
    if not appends:
        return
    db.execute("SAVEPOINT appends")
    try:
        _insert(db, appends)
    except sqlite3.IntegrityError:
        db.execute("ROLLBACK TO appends")
        for room, before in written:
            room.written = before
        _insert(db, _without_duplicates(db, appends))
    db.execute("RELEASE appends")


def _insert(db: sqlite3.Connection, appends: Sequence[Append]) -> None:
    now = time.time_ns() // 1_000_000
    stamp = events.timestamp(now)
    rows = []
    for append in appends:
        room, draft = append.get_epoch(), append.draft
        room.written += 1
        message = events.Message(draft.nickname, draft.content, stamp, draft.room, room.written, draft.id)
        append.epoch = room
        append.entry = Entry(room.written, codec.encode(message))
        rows.append(
            (entry_place(room.number, room.written), draft.identity, draft.id, draft.nickname, draft.content, now)
        )
    db.executemany("INSERT INTO entry (place, identity, id, nickname, content, time) VALUES (?, ?, ?, ?, ?, ?)", rows)
    search_index.add(db, [(row[0], row[4]) for row in rows])
    db.executemany(
        "INSERT INTO room (number, name, epoch, first_seq, last_seq) VALUES (?, ?, ?, 1, ?)"
        " ON CONFLICT (number) DO UPDATE SET last_seq = excluded.last_seq",
        [(room.number, room.name, room.epoch, room.written) for room in _epochs(appends)],
    )


def _epochs(appends: Iterable[Append]) -> list[RoomEpoch]:
    return list({(room := append.get_epoch()).number: room for append in appends}.values())


def _without_duplicates(db: sqlite3.Connection, appends: Sequence[Append]) -> list[Append]:
    """Return those that are new; record the outcome of the others."""
    new: dict[object, Append] = {}
    for append in appends:
        append.entry = None
        draft = append.draft
        key = (draft.identity, draft.id) if draft.id is not None else id(append)
        if key in new:
            append.duplicate_of = new[key]
        elif not _is_duplicate(db, append):
            new[key] = append
    return list(new.values())


def _is_duplicate(db: sqlite3.Connection, append: Append) -> bool:
    draft = append.draft
    row = db.execute(
        "SELECT entry.place, content, digest, time, room.number, name"
        " FROM entry LEFT JOIN room ON room.number = entry.place >> ?"
        " WHERE identity = ? AND id = ?",
        (SEQ_BITS, draft.identity, draft.id),
    ).fetchone()
    if row is None:
        return False
    at, content, stored_digest, said_at, number, name = row
    if name is None:  # it belongs to a deleted history, so its id is free again
        delete_entries(db, at, at)
        return False
    same = stored_digest == content_digest(draft.content) if content is None else content == draft.content
    same = same and number == append.get_epoch().number
    append.refusal = Duplicate(_entry(db, append, at & _SEQ_MASK, said_at)) if same else IdReused()
    return True


def _entry(db: sqlite3.Connection, append: Append, seq: int, said_at: int) -> Entry:
    """Return the stored entry; if retention has removed its text, with the text that its sender has just sent again."""
    room, draft = append.get_epoch(), append.draft
    held = message_at(db, RoomRange(room.number, room.name, seq, seq), seq)
    gone = events.Message(draft.nickname, draft.content, events.timestamp(said_at), room.name, seq, draft.id)
    return Entry(seq, codec.encode(held or gone))
