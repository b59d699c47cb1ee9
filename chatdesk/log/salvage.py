"""Builds a new history from all that can be read of a damaged one.

The messages of each room keep their order, senders, ids and times. They get new numbers without gaps, in a new epoch:
nobody can tell which of the newest messages are lost, and a number must never mean another message than before. So
clients that come back start over, and see no silent gap.
"""

from __future__ import annotations

import logging
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, get_args

from chatdesk.log.acts import Remover
from chatdesk.log.authors import AuthorIds
from chatdesk.log.damaged_file import DamagedFile, Row, Value
from chatdesk.log.held import STORE_HELD
from chatdesk.log.kept_rooms import STORE_SETTINGS
from chatdesk.log.mentions import are_mentions
from chatdesk.log.reactions import count_reactions
from chatdesk.log.salvage_order import store_entry, store_standing
from chatdesk.log.schema import SEQ_BITS, entry_place
from chatdesk.protocol.fields import Level, NewcomersSee

logger = logging.getLogger(__name__)
_LOG_SECONDS = 5.0
"""Between two log lines about the progress, so that nobody thinks that the start hangs."""
_MAX_TIME_MS = 1 << 53
"""A later time is damage."""
_LAST_PLACE = (1 << 63) - 1
_SEQ_MASK = (1 << SEQ_BITS) - 1  # the part of an entry's key that is the message's number
_SERVER_ID = re.compile(r"[0-9a-f]{16}")
_SECRET_BYTES = 32
"""As ``schema`` makes it."""
_MIN_ENTRY_BYTES = 16
"""No message takes less space in the file; from its size follows how many messages it can have held."""
_MAX_UNRECORDED = 200
"""Messages that may follow the last one that the room's own row knows, as in the last commits before the damage."""
_PROPERTY_NAMES = ("server_id", "secret", "name", "index", "probe")
_COLUMNS = (
    "place, identity, id, nickname, content, time, digest, edited, reply_to, removed, remover, pinned, mentions, action"
)
"""What is saved of an entry. In the new epoch, each message is one change. Reactions are counted again."""
_INSERT = f"INTO {{}} ({_COLUMNS}) VALUES ({', '.join('?' * (_COLUMNS.count(',') + 1))})"
_ADDED_COLUMNS = 11
"""Columns that ``entry`` has got over the versions, from ``digest`` on; old rows have fewer."""
_KEEP_DELETED = (
    " ON CONFLICT (place, time, identity) DO UPDATE SET content = excluded.content, removed = excluded.removed,"
    " remover = excluded.remover, reply_to = NULL, pinned = NULL, mentions = NULL WHERE excluded.removed IS NOT NULL"
)
"""A row that the file holds twice is stored once. If the message was deleted in one of them, it stays deleted."""
_DEFAULT_ROOM = "lobby"


class Loss(NamedTuple):
    """How many messages of a room cannot be read, and the times (ms since 1970) around them where they are known."""

    room: str
    lost: int
    after: int | None
    before: int | None

    def __str__(self) -> str:
        after, before = (
            time_ms and f"{datetime.fromtimestamp(time_ms / 1000):%Y-%m-%d %H:%M:%S}" for time_ms in self[2:]
        )
        when = f"between {after} and {before}" if after and before else f"after {after}" if after else ""
        when = when or (f"before {before}" if before else "all of them")
        return f"{self.lost:,} of {self.room} ({when})"


class Salvage(NamedTuple):
    """How much of a damaged history was saved."""

    saved: int
    losses: list[Loss]

    def __str__(self) -> str:
        total = self.saved + sum(loss.lost for loss in self.losses)
        if not total:
            return "No message of it can be read; a new one begins."
        lost = f" Lost: {', '.join(map(str, self.losses))}." if self.losses else ""
        return f"Saved: {self.saved:,} of {total:,} messages.{lost}"


class _Room(NamedTuple):
    name: str | None
    first_seq: int
    last_seq: int


def salvage(damaged: Path, db: sqlite3.Connection) -> Salvage:
    """Copy what can be read of a damaged file, which stays as it is, into an empty history.

    Raises sqlite3.Error and OSError if that cannot be written.
    """
    db.execute("CREATE TEMP TABLE found AS SELECT * FROM entry WHERE false")
    db.execute("CREATE UNIQUE INDEX temp.found_once ON found (place, time, identity)")
    db.execute("CREATE TEMP TABLE found_reaction AS SELECT * FROM reaction WHERE false")
    db.execute("CREATE TEMP TABLE moved (old INTEGER PRIMARY KEY, new INTEGER)")
    db.execute("BEGIN IMMEDIATE")
    try:
        with DamagedFile(damaged) as file:
            rooms = _collect(file, db)
            max_messages = file.original_size // _MIN_ENTRY_BYTES
        _name_rooms(rooms, db)
        outcomes = [
            _rebuild_room(db, number, room, max_messages)
            for number, room in sorted(rooms.items())
            if room.name is not None
        ]
        _restore_reactions(db)
        db.execute("INSERT OR REPLACE INTO unindexed SELECT number, last_seq + 1 FROM room WHERE last_seq >= first_seq")
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
    for table in ("found", "found_reaction", "moved"):
        db.execute(f"DROP TABLE temp.{table}")
    return Salvage(sum(saved for saved, _ in outcomes), [loss for _, loss in outcomes if loss.lost])


def _collect(file: DamagedFile, db: sqlite3.Connection) -> dict[int, _Room]:
    """Store each sound row and return the rooms; a row that the file holds twice is stored once."""
    rooms: dict[int, _Room] = {}
    logged_at = time.monotonic()
    for number in range(1, file.page_count + 1):
        for row in file.rows(number):
            _store_row(row, db, rooms)
        if time.monotonic() > logged_at + _LOG_SECONDS:
            logged_at = time.monotonic()
            logger.warning("The history is damaged: %d %% of it is looked through.", 100 * number // file.page_count)
    return rooms


def _store_row(row: Row, db: sqlite3.Connection, rooms: dict[int, _Room]) -> None:
    """Store a row in the table that its shape belongs to."""
    match row:
        case Row(int(at), [None, str(identity), str() | None as id_, str(nickname), content, int(time), *rest]) if (
            _is_entry(at, identity, nickname, content, time, rest)
        ):
            added = [*rest, *[None] * (_ADDED_COLUMNS - len(rest))]
            values = (at, identity, id_, nickname, content, time, added[0], *added[3:8], *added[9:])
            db.execute(f"INSERT {_INSERT.format('found')}{_KEEP_DELETED}", values)
        case Row(None, [str(identity), int(at), str(emoji), int(change), str(nickname)]) if identity and emoji:
            db.execute("INSERT INTO found_reaction VALUES (?, ?, ?, ?, ?)", (identity, at, emoji, change, nickname))
        case Row(int(number), [None, str() | None as name, str(), int(first), int(last), *_]) if 0 < first <= last + 1:
            if number not in rooms or rooms[number].last_seq < last:
                rooms[number] = _Room(name, first, last)
        case Row(None, ["server_id", str(value)]) if _SERVER_ID.fullmatch(value):
            db.execute("UPDATE about SET value = ? WHERE name = 'server_id'", (value,))
        case Row(None, ["secret", bytes(value)]) if len(value) == _SECRET_BYTES:
            db.execute("UPDATE about SET value = ? WHERE name = 'secret'", (value,))
        case Row(
            None, [str(room), str(topic), int(archived), str(newcomers), str(creator), int(made), int(closed), *entry]
        ) if newcomers in get_args(NewcomersSee):
            settings = (room, topic, bool(archived), newcomers, creator, bool(made), bool(closed), *_entry_of(entry))
            db.execute(STORE_SETTINGS, settings)
        case Row(None, [str(identity), str(room), int(joined), str(level), int(), int(), str(nickname), *_]) if (
            identity and room and level in get_args(Level)
        ):
            kept = (identity, room, bool(joined), level, nickname)
            db.execute("INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?, 0, 0, ?, 0, 0)", kept)
        case Row(int(number), [None, str(), str(), str(), str(), _, _, _, int(), int(), str()]) if number <= _SEQ_MASK:
            db.execute(STORE_HELD, (number, *row.values[1:]))
        case Row(None, [str(), str(), str(kind), *_, int(), str(), int()]) if store_standing(row.values, db, kind):
            pass
        case Row(int(number), [None, int(), *_]) if store_entry(number, row.values, db):
            pass
        case Row(None, [str(identity)]) if identity:
            for table in ("receipts_off", "deleted_room"):  # a single text is one or the other, and no room an identity
                db.execute(f"INSERT OR IGNORE INTO {table} VALUES (?)", (identity,))
        case Row(None, [str(key), str(identity)]) if key not in _PROPERTY_NAMES:
            db.execute("INSERT OR IGNORE INTO seat VALUES (?, ?)", (key, identity))


def _entry_of(values: list[Value]) -> tuple[str, bool, int, bool, bool, bool]:
    """Return what later versions have added to a room's settings: its password and lock, and its pace."""
    match values:
        case [str(password), int(locked), int(slow), int(announce), int(hold), int(nameless)]:
            return password, bool(locked), max(0, slow), bool(announce), bool(hold), bool(nameless)
        case [str(password), int(locked), *_]:
            return password, bool(locked), 0, False, False, False
        case _:
            return "", False, 0, False, False, False


def _is_entry(at: int, identity: str, nickname: str, content: Value, time: int, rest: list[Value]) -> bool:
    """Return whether these can be the values of an entry. Messages hold no NUL; it comes from an overwritten page."""
    digest, numbers = rest[0] if rest else None, [*rest[1:5], *rest[7:8], *rest[10:]]
    removed, remover = rest[5:7] or (None, None)
    return (
        at >> SEQ_BITS > 0
        and at & _SEQ_MASK > 0
        and bool(identity)
        and bool(nickname or content is None)  # retention deletes the nickname with the text
        and (content is None or (isinstance(content, str) and "\0" not in content))
        and 0 <= time < _MAX_TIME_MS
        and len(rest) <= _ADDED_COLUMNS
        and (digest is None or isinstance(digest, bytes))
        and all(number is None or (isinstance(number, int) and number >= 0) for number in numbers)
        and (removed is None or (removed in list(Remover) and isinstance(remover, str)))
        and all(mentions is None or are_mentions(mentions) for mentions in rest[9:10])
    )


def _name_rooms(rooms: dict[int, _Room], db: sqlite3.Connection) -> None:
    """Give a room to entries whose room is lost; of two rooms with one name, the one with later messages keeps it."""
    newest = {room.name: number for number, room in sorted(rooms.items(), key=lambda item: item[1].last_seq)}
    for number, room in list(rooms.items()):
        if room.name is not None and newest[room.name] != number:
            rooms[number] = room._replace(name=f"{room.name}-{number}")
    taken = {room.name for room in rooms.values()}
    spans = "SELECT place >> ?, min(place) & ?, max(place) & ? FROM found WHERE content IS NOT NULL GROUP BY 1"
    for number, first, last in db.execute(spans, (SEQ_BITS, _SEQ_MASK, _SEQ_MASK)).fetchall():
        if number not in rooms:
            name = _DEFAULT_ROOM if _DEFAULT_ROOM not in taken else f"room-{number}"
            taken.add(name)
            rooms[number] = _Room(name, first, last)


def _rebuild_room(db: sqlite3.Connection, number: int, room: _Room, max_messages: int) -> tuple[int, Loss]:
    """Number the entries of a room again: first those without text, which retention has deleted, then the messages.

    ``max_messages`` is how many the file can have held. Returns how many were saved, and the loss.
    """
    seq = 0
    for row in _entries(db, number, "content IS NULL"):
        seq += 1
        _insert(db, entry_place(number, seq), row)
    first = seq + 1
    gaps = _Gaps(room, max_messages)
    for row in _entries(db, number, "content IS NOT NULL"):
        seq += 1
        _insert(db, entry_place(number, seq), row)
        gaps.add(int(row[0]) & _SEQ_MASK, int(row[5]))
    values = (number, room.name, secrets.token_hex(8), first, seq, first, seq)
    columns = "number, name, epoch, first_seq, last_seq, first_change, last_change"
    db.execute(f"INSERT INTO room ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    # Where somebody was among other numbers cannot be told any more: nothing is unread, and nothing shown to newcomers.
    marks = "read = ?1, start = ?1, furthest = ?1, since = ?1"
    db.execute(f"UPDATE subscription SET {marks} WHERE room = ?2", (seq, room.name))
    return seq - first + 1, gaps.loss()


def _entries(db: sqlite3.Connection, number: int, condition: str) -> Iterator[tuple[int, ...]]:
    span = (entry_place(number, 0), entry_place(number, _SEQ_MASK))
    return db.execute(f"SELECT {_COLUMNS} FROM found WHERE place BETWEEN ? AND ? AND {condition} ORDER BY place", span)


def _insert(db: sqlite3.Connection, at: int, row: tuple[int | str | bytes | None, ...]) -> None:
    db.execute("INSERT OR IGNORE INTO moved VALUES (?, ?)", (row[0], at))
    values = (at, *row[1:])
    sql = f"INSERT OR IGNORE {_INSERT.format('entry')}"
    if not db.execute(sql, values).rowcount:  # a damaged id may equal another: store the message without one
        db.execute(sql, (*values[:2], None, *values[3:]))


def _restore_reactions(db: sqlite3.Connection) -> None:
    """Let replies and reactions refer to the new numbers of messages; those to lost ones are lost, too."""
    db.execute(
        "UPDATE entry SET reply_to = (SELECT new & ? FROM moved WHERE old = (entry.place & ?) | reply_to)"
        " WHERE reply_to IS NOT NULL",
        (_SEQ_MASK, ~_SEQ_MASK),
    )
    db.execute(
        "INSERT OR IGNORE INTO reaction SELECT reacted.identity, new, emoji, reacted.change, reacted.nickname"
        " FROM found_reaction AS reacted JOIN moved ON old = reacted.place JOIN entry ON entry.place = new"
        " WHERE content IS NOT NULL AND removed IS NULL"
    )
    (secret,) = db.execute("SELECT value FROM about WHERE name = 'secret'").fetchone()
    count_reactions(db, 0, _LAST_PLACE, AuthorIds(secret))


class _Gaps:
    """Counts what is missing between the messages of a room, which are added in order.

    A number itself may be damaged: if it is not larger than the last or too far from it, its message counts as one that
    seems to be missing.
    """

    def __init__(self, room: _Room, max_messages: int) -> None:
        self._room = room
        self._max_messages = max_messages
        self._next = room.first_seq
        self._time: int | None = None
        self._count = 0
        self._misplaced = 0
        self._after: int | None = None
        self._before: int | None = None

    def add(self, seq: int, time_ms: int) -> None:
        """Add the next message that was saved; ``time_ms`` is when it was sent."""
        max_messages = self._max_messages if seq <= self._room.last_seq else _MAX_UNRECORDED
        if self._next <= seq <= self._next + max_messages:
            self._count_missing(seq, time_ms)
            self._next = seq + 1
            self._time = time_ms
        else:
            self._misplaced += 1

    def loss(self) -> Loss:
        """Return all that is missing."""
        if self._room.last_seq < self._next + self._max_messages:
            self._count_missing(self._room.last_seq + 1, None)
        return Loss(self._room.name or "", max(0, self._count - self._misplaced), self._after, self._before)

    def _count_missing(self, until: int, time_ms: int | None) -> None:
        if until > self._next:
            if not self._count:
                self._after = self._time
            self._count += until - self._next
            self._before = time_ms
