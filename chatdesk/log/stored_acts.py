"""Acts on messages in the file, and in its search index at the same time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from chatdesk.log import reactions, search_index
from chatdesk.log.acts import Act, React, Reactor
from chatdesk.log.amend import amended
from chatdesk.log.history_pages import RoomView, record_at
from chatdesk.log.mentions import encode_mentions
from chatdesk.log.room_epoch import Extent, RoomEpoch
from chatdesk.log.room_log import ActRefusal, LogError, Record
from chatdesk.log.schema import content_digest, entry_place


@dataclass(slots=True)
class AmendMessage:
    """An act that is to be written, and the outcome."""

    get_epoch: Callable[[], RoomEpoch]
    act: Act
    on_record: Callable[[Record], None]
    reply: Callable[[Record | ActRefusal], None]
    epoch: RoomEpoch | None = None
    record: Record | None = None
    refusal: ActRefusal | None = None
    erased: bool = False
    at: int = 0
    """When it is done, in milliseconds since 1970; 0 is now."""

    def execute(self, db: sqlite3.Connection) -> None:
        """Write it, unless it is refused, within the transaction of the caller."""
        room = self.get_epoch()
        seq = self.act.seq
        held = record_at(db, RoomView.of(room), seq) if 0 < seq <= room.written.seq else None
        acts = _MessageActs(db, room, seq, room.written.change + 1)
        outcome = amended(held, self.act, acts, self.at or time.time_ns() // 1_000_000)
        if held and isinstance(outcome, Record):
            self.epoch = room
            self.record = outcome._replace(change=acts.change)
            self.erased = held.content != outcome.content
            _update(db, room, held, self.record)
        elif not isinstance(outcome, Record):
            self.refusal = outcome

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


def _update(db: sqlite3.Connection, room: RoomEpoch, held: Record, record: Record) -> None:
    """Write a record that has changed. The digest stays that of its first content, which its sender may send again."""
    room.written = Extent(room.written.seq, record.change)
    place = entry_place(room.number, record.seq)
    if record.content != held.content:
        first = content_digest(held.content)
        db.execute(
            "UPDATE entry SET content = ?, digest = coalesce(digest, ?) WHERE place = ?", (record.content, first, place)
        )
        search_index.replace(db, place, held.content, record.content)
    removal = record.removed or (None, None)
    reacted, pinned = reactions.encode_reactions(record.reactions), record.pinned or None
    amended_at = entry_place(room.number, record.change)
    db.execute(
        "UPDATE entry SET edited = ?, reply_to = ?, removed = ?, remover = ?, reactions = ?, pinned = ?, mentions = ?,"
        " amended = ? WHERE place = ?",
        (
            record.edited,
            record.reply_to,
            *removal,
            reacted,
            pinned,
            encode_mentions(record.mentions),
            amended_at,
            place,
        ),
    )
    db.execute("UPDATE room SET last_change = ? WHERE number = ?", (record.change, room.number))


class _MessageActs:
    """What the file keeps of a message besides its row, during the act that is ``change``; see ``MessageActs``."""

    def __init__(self, db: sqlite3.Connection, room: RoomEpoch, seq: int, change: int) -> None:
        self.author = room.author
        self.change = change
        self._db = db
        self._number = room.number
        self._place = entry_place(room.number, seq)

    def own_reactions(self, identity: str) -> list[str]:
        return reactions.own_reactions(self._db, identity, self._place, self._place).get(self._place, [])

    def first_reactors(self, emoji: str) -> tuple[Reactor, ...]:
        return tuple(reactions.reactors(self._db, self._place, emoji, self.author))

    def add_reactor(self, react: React) -> None:
        reactions.add_reaction(self._db, self._place, self.change, react)

    def remove_reactor(self, react: React) -> None:
        reactions.remove_reaction(self._db, self._place, react)

    def remove_reactors(self) -> None:
        reactions.remove_reactions(self._db, self._place, self._place)

    def count_pins(self) -> int:
        span = (entry_place(self._number, 0), entry_place(self._number + 1, 0))
        query = "SELECT count(*) FROM entry WHERE pinned IS NOT NULL AND place BETWEEN ? AND ?"
        return int(self._db.execute(query, span).fetchone()[0])
