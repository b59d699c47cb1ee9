"""Settings and subscriptions of rooms in the file: plain functions on a connection, for any thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import get_args

from chatdesk.log.mentions import mention_of
from chatdesk.log.room_log import LogError
from chatdesk.log.rooms import MOST_UNREAD, RoomSettings, StoredSubscription, Subscription, SubscriptionRow, Unread
from chatdesk.protocol.fields import Level, NewcomersSee

FORGET_SUBSCRIPTION = "DELETE FROM subscription WHERE identity = ? AND room = ?"
STORE_SUBSCRIPTION = "INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FURTHER = "CASE WHEN excluded.furthest >= furthest THEN excluded.{0} ELSE {0} END"
MERGE_SUBSCRIPTION = (  # as ``Subscription.merge``
    "INSERT INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    f" read = {_FURTHER.format('read')}, start = {_FURTHER.format('start')},"
    " furthest = max(furthest, excluded.furthest), since = min(since, excluded.since),"
    " joined = excluded.joined, level = excluded.level, nickname = excluded.nickname"
)
RESTART_SUBSCRIPTIONS = (
    "UPDATE subscription SET read = ?1, start = ?1, furthest = ?1, since = CASE since WHEN 0 THEN 0 ELSE ?1 END"
    " WHERE room = ?2"
)
STORE_SETTINGS = f"INSERT OR REPLACE INTO room_settings VALUES (?{', ?' * len(RoomSettings._fields)})"
STORE_READING = "INSERT INTO reading VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq"
FORGET_READINGS = "DELETE FROM reading WHERE minute < ?"
ROOM_TABLES = ("room_settings", "subscription", "reading", "pass", "standing", "held")
"""What is kept of a room besides its messages."""
_LEVELS: dict[str, Level] = {level: level for level in get_args(Level)}
_COUNT = (
    "SELECT count(*), coalesce(sum(instr(mentions, ?) OR instr(mentions, ?)), 0) FROM (SELECT mentions FROM entry"
    " WHERE place BETWEEN ? AND ? AND identity != ? AND content IS NOT NULL AND removed IS NULL LIMIT ?)"
)


class StoreSettings:
    """Stores the settings of a room, in the writer's thread, and says so on the loop."""

    erased = False

    def __init__(self, room: str, settings: RoomSettings, reply: Callable[[LogError | None], None]) -> None:
        self._room = room
        self._settings = settings
        self._reply = reply

    def execute(self, db: sqlite3.Connection) -> None:
        """Write them, within the transaction of the caller."""
        store_settings(db, self._room, self._settings)

    def mark_committed(self) -> None:
        """Nothing in the writer's thread depends on them."""

    def notify_done(self) -> None:
        """Report that they are stored."""
        self._reply(None)

    def notify_failed(self, error: LogError) -> None:
        """Report that nothing has changed."""
        self._reply(error)


class DeleteRoom:
    """Deletes a room, in the writer's thread: its messages lose their room at once, and are removed in steps later."""

    erased = False

    def __init__(self, room: str, deleted: Callable[[], None], reply: Callable[[LogError | None], None]) -> None:
        self._room = room
        self._deleted = deleted
        self._reply = reply

    def execute(self, db: sqlite3.Connection) -> None:
        """Take the name from its messages, and remove all else, within the transaction of the caller."""
        db.execute("UPDATE room SET name = NULL WHERE name = ?", (self._room,))
        forget_room(db, self._room)

    def mark_committed(self) -> None:
        """Nothing in the writer's thread depends on it."""

    def notify_done(self) -> None:
        """Report that the room is gone."""
        self._deleted()
        self._reply(None)

    def notify_failed(self, error: LogError) -> None:
        """Report that nothing has changed."""
        self._reply(error)


def restart_room(db: sqlite3.Connection, room: str) -> None:
    """The history of a room was deleted: nothing in it is unread, and nobody has read anything."""
    db.execute(RESTART_SUBSCRIPTIONS, (0, room))
    db.execute("DELETE FROM reading WHERE room = ?", (room,))


def forget_room(db: sqlite3.Connection, room: str) -> None:
    """Remove all that is kept of a room besides its messages; its name is kept as that of a deleted one."""
    for table in ROOM_TABLES:
        db.execute(f"DELETE FROM {table} WHERE room = ?", (room,))
    db.execute("INSERT OR IGNORE INTO deleted_room VALUES (?)", (room,))


def receipts_statement(*, off: bool) -> str:
    """Return the statement by which an identity gives no receipts, or does again."""
    return "INSERT OR IGNORE INTO receipts_off VALUES (?)" if off else "DELETE FROM receipts_off WHERE identity = ?"


def store_settings(db: sqlite3.Connection, room: str, settings: RoomSettings) -> None:
    """Write the settings of a room, which is there, even if one of its name was deleted."""
    db.execute("DELETE FROM deleted_room WHERE room = ?", (room,))
    db.execute(STORE_SETTINGS, (room, *settings))


def read_password(db: sqlite3.Connection, room: str) -> str:
    """Return the hash of a room's password; empty where it has none."""
    row: tuple[str] | None = db.execute("SELECT password FROM room_settings WHERE room = ?", (room,)).fetchone()
    return row[0] if row else ""


def read_settings(db: sqlite3.Connection) -> dict[str, RoomSettings]:
    """Return the settings of all rooms, by name."""
    return {room: _settings(*values) for room, *values in db.execute("SELECT * FROM room_settings")}


def _settings(
    topic: str,
    archived: int,
    newcomers: NewcomersSee,
    creator: str,
    created: int,
    closed: int,
    password: str,
    locked: int,
    slow: int,
    announce: int,
    hold: int,
    nameless: int,
) -> RoomSettings:
    about = RoomSettings(topic, bool(archived), newcomers, creator, bool(created), bool(closed), password, bool(locked))
    return about._replace(slow=slow, announce=bool(announce), hold=bool(hold), nameless=bool(nameless))


def read_subscriptions(db: sqlite3.Connection) -> list[StoredSubscription]:
    """Return all subscriptions. Equal texts are one object: each stands in many of them."""
    known: dict[str, str] = {}
    found = []
    for identity, room, joined, level, read, since, nickname, start, furthest in db.execute(
        "SELECT * FROM subscription"
    ):
        kept = Subscription(
            joined=bool(joined),
            level=_LEVELS[level],
            read=read,
            since=since,
            nickname=known.setdefault(nickname, nickname),
            start=read if start == read else start,  # equal numbers are one object, too
            furthest=read if furthest == read else furthest,
        )
        found.append(StoredSubscription(known.setdefault(identity, identity), known.setdefault(room, room), kept))
    return found


def subscription_row(stored: StoredSubscription) -> SubscriptionRow:
    """Return the row of a subscription."""
    identity, room, kept = stored
    marks = kept.start, kept.furthest
    return SubscriptionRow(identity, room, kept.joined, kept.level, kept.read, kept.since, kept.nickname, *marks)


def store_subscription(db: sqlite3.Connection, stored: StoredSubscription) -> None:
    """Write a subscription."""
    db.execute(STORE_SUBSCRIPTION, subscription_row(stored))


def read_minutes(db: sqlite3.Connection, room: str, seq: int, identities: Sequence[str]) -> dict[str, int]:
    """Return in which minute each of these people came past a message, as far as that is known."""
    query = "SELECT min(minute) FROM reading WHERE identity = ? AND room = ? AND seq >= ?"
    minutes = {identity: db.execute(query, (identity, room, seq)).fetchone()[0] for identity in identities}
    return {identity: minute for identity, minute in minutes.items() if minute is not None}


def count_unread(
    db: sqlite3.Connection, identity: str, author: str, spans: Mapping[str, tuple[int, int]]
) -> dict[str, Unread]:
    """Return what others have said within each of these spans of places, by room.

    ``author`` is the person's public id.
    """
    told = mention_of(author), mention_of("")
    return {
        room: Unread(*db.execute(_COUNT, (*told, *span, identity, MOST_UNREAD)).fetchone())
        for room, span in spans.items()
    }
