"""Inserts messages into the file: numbered without gaps, and only once for each ``id`` of a sender."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from chatdesk.log import search_index
from chatdesk.log.bots import is_bot
from chatdesk.log.history_pages import RoomView, record_at
from chatdesk.log.mentions import encode_mentions
from chatdesk.log.nameless import is_nameless
from chatdesk.log.retention import delete_entries
from chatdesk.log.room_epoch import EMPTY, Extent, RoomEpoch
from chatdesk.log.room_log import Draft, Duplicate, IdReused, Record, Refusal
from chatdesk.log.schema import SEQ_BITS, content_digest, entry_place
from chatdesk.log.signed_in import is_signed_in

_SEQ_MASK = (1 << SEQ_BITS) - 1


@dataclass(slots=True)
class Append:
    """A draft that is to be inserted, and the outcome."""

    get_epoch: Callable[[], RoomEpoch]
    draft: Draft
    on_record: Callable[[Record], None]
    refuse: Callable[[Refusal], None]
    epoch: RoomEpoch | None = None
    extent: Extent = EMPTY
    """The extent of the room with it."""
    record: Record | None = None
    told: Record | None = None
    """Its record, where it was told of before it is inserted."""
    refusal: Refusal | None = None
    erased: ClassVar[bool] = False
    duplicate_of: Append | None = None
    """The same message, earlier in the same batch."""
    at: int = 0
    """When it was said, in milliseconds since 1970; 0 is now."""

    def mark_committed(self) -> None:
        """Record that the commit is on the disk; called in the writer's thread."""
        if self.epoch and self.record:
            self.epoch.committed = self.extent

    def notify_done(self) -> None:
        """Report the outcome; called on the loop."""
        if self.duplicate_of and self.duplicate_of.record:
            self.refusal = Duplicate(self.duplicate_of.record)
        if self.record:
            self.on_record(self.record)
        elif self.refusal is not None:
            self.refuse(self.refusal)

    def notify_failed(self, error: Refusal) -> None:
        """Report that nothing was stored; called on the loop."""
        self.refuse(error)


class FindDuplicate:
    """Looks whether a draft is stored already; see ``RoomLog.find``."""

    erased = False

    def __init__(
        self, get_epoch: Callable[[], RoomEpoch], draft: Draft, reply: Callable[[Refusal | None], None]
    ) -> None:
        self._append = Append(get_epoch, draft, lambda _record: None, reply)
        self._reply = reply

    def execute(self, db: sqlite3.Connection) -> None:
        """Look, within the transaction of the caller."""
        _is_duplicate(db, self._append)

    def mark_committed(self) -> None:
        """Nothing in the writer's thread depends on it."""

    def notify_done(self) -> None:
        """Report what was found."""
        self._reply(self._append.refusal)

    def notify_failed(self, error: Refusal) -> None:
        """Report that the file could not be read."""
        self._reply(error)


def insert(db: sqlite3.Connection, appends: Sequence[Append]) -> None:
    """Insert these in order, within the transaction of the caller.

    Nearly always all of them are new. So they are inserted together first, and examined one by one only if that fails.
    """
    _insert_or(db, appends, _without_duplicates)


def insert_all(db: sqlite3.Connection, appends: Sequence[Append]) -> None:
    """Insert these in order, whatever was said before under their ids: from then on, these have them."""
    _insert_or(db, appends, _taking_ids)


def _insert_or(
    db: sqlite3.Connection,
    appends: Sequence[Append],
    settle: Callable[[sqlite3.Connection, Sequence[Append]], Sequence[Append]],
) -> None:
    """Insert these in order, or if some of their ids are known, what ``settle`` makes of them."""
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
        _insert(db, settle(db, appends))
    db.execute("RELEASE appends")


def _insert(db: sqlite3.Connection, appends: Sequence[Append]) -> None:
    now = time.time_ns() // 1_000_000
    rooms: dict[int, RoomEpoch] = {}
    rows, held = [], []
    for append in appends:
        append.epoch = room = append.get_epoch()
        rooms[room.number] = room
        room.written = append.extent = extent = Extent(room.written.seq + 1, room.written.change + 1)
        nickname, content, identity, message_id, reply_to, mentions, action, held_as = append.draft
        at = append.at or now
        append.record = append.told or new_record(room, append.draft, extent, at)
        if held_as:
            held.append((held_as,))
        place = entry_place(room.number, extent.seq)
        said = encode_mentions(mentions), action or None
        rows.append((place, identity, message_id, nickname, content, at, extent.change, reply_to, *said))
    db.executemany(
        "INSERT INTO entry (place, identity, id, nickname, content, time, change, reply_to, mentions, action)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    if held:
        db.executemany("DELETE FROM held WHERE number = ?", held)
    search_index.add(db, [(row[0], row[4]) for row in rows])
    db.executemany(
        "INSERT INTO room (number, name, epoch, first_seq, last_seq, first_change, last_change)"
        " VALUES (?, ?, ?, 1, ?, 1, ?)"
        " ON CONFLICT (number) DO UPDATE SET last_seq = excluded.last_seq, last_change = excluded.last_change",
        [(room.number, room.name, room.epoch, *room.written) for room in rooms.values()],
    )


def new_record(room: RoomEpoch, draft: Draft, extent: Extent, at: int) -> Record:
    """Return the record of a draft that is the newest of its room then; ``at`` is in milliseconds since 1970."""
    identity = draft.identity
    author = room.author(identity)
    return Record(
        *(extent.seq, extent.change, extent.change, author, draft.nickname, draft.content, at, draft.id),
        reply_to=draft.reply_to,
        bot=is_bot(identity),
        mentions=draft.mentions,
        action=draft.action,
        verified=is_signed_in(identity),
        nameless=is_nameless(identity),
    )


def _epochs(appends: Iterable[Append]) -> list[RoomEpoch]:
    return list({(room := append.get_epoch()).number: room for append in appends}.values())


def _without_duplicates(db: sqlite3.Connection, appends: Sequence[Append]) -> list[Append]:
    """Return those that are new; record the outcome of the others."""
    new: dict[object, Append] = {}
    for append in appends:
        append.record = None
        draft = append.draft
        key = (draft.identity, draft.id) if draft.id is not None else id(append)
        if first := new.get(key):
            same = first.draft.content == draft.content and first.get_epoch() is append.get_epoch()
            append.duplicate_of, append.refusal = (first, None) if same else (None, IdReused())
        elif not _is_duplicate(db, append):
            new[key] = append
    return list(new.values())


def _taking_ids(db: sqlite3.Connection, appends: Sequence[Append]) -> Sequence[Append]:
    last = {(append.draft.identity, append.draft.id): append for append in appends}
    for append in appends:
        of, message_id = append.draft.identity, append.draft.id
        if last[of, message_id] is not append:
            append.draft = append.draft._replace(id=None)
        db.execute("UPDATE entry SET id = NULL WHERE identity = ? AND id = ?", (of, message_id))
    return appends


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
    at, content, first_digest, said_at, number, name = row
    if name is None:  # it belongs to a deleted history, so its id is free again
        delete_entries(db, at, at)
        return False
    same = content == draft.content if first_digest is None else first_digest == content_digest(draft.content)
    same = same and number == append.get_epoch().number
    append.refusal = Duplicate(_stored(db, append, at & _SEQ_MASK, said_at)) if same else IdReused()
    return True


def _stored(db: sqlite3.Connection, append: Append, seq: int, said_at: int) -> Record:
    """Return the stored record; where retention has removed its text, with the one that its sender has just sent."""
    room, draft = append.get_epoch(), append.draft
    author, bot = room.author(draft.identity), is_bot(draft.identity)
    gone = Record(seq, seq, seq, author, draft.nickname, draft.content, said_at, draft.id, bot=bot)._replace(
        verified=is_signed_in(draft.identity)
    )
    return record_at(db, RoomView.of(room), seq) or gone
