"""What the file holds besides messages, as it is read when the file is opened."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from chatdesk.log import kept_rooms, search_index
from chatdesk.log.authors import AuthorIds
from chatdesk.log.database import Quarantined
from chatdesk.log.held import Held
from chatdesk.log.invitation import Invitation
from chatdesk.log.order import Standing
from chatdesk.log.reservation import Reservation
from chatdesk.log.room_epoch import Extent, RoomEpoch
from chatdesk.log.room_log import IndexProgress
from chatdesk.log.rooms import RoomSettings, StoredSubscription
from chatdesk.log.stored_held import read_held
from chatdesk.log.stored_invitations import read_invitations
from chatdesk.log.stored_order import read_standings


class StoredRoom(NamedTuple):
    """A room in the file that is not open in memory."""

    room_epoch: RoomEpoch
    first: Extent


class Contents(NamedTuple):
    """What the file holds when it is opened; ``quarantined`` says what happened to a damaged one."""

    db: sqlite3.Connection
    quarantined: Quarantined | None
    properties: dict[str, Any]
    author: AuthorIds
    rooms: dict[str, StoredRoom]
    next_number: int
    settings: dict[str, RoomSettings]
    subscriptions: list[StoredSubscription]
    passes: list[tuple[str, str]]
    deleted_rooms: set[str]
    receipts_off: set[str]
    reservations: list[Reservation]
    standings: list[Standing]
    indexing: IndexProgress | None
    invitations: list[Invitation]
    held: list[Held]


def read_contents(db: sqlite3.Connection, quarantined: Quarantined | None) -> Contents:
    """Read all that the store keeps in memory; ``quarantined`` is what happened to a damaged file."""
    next_number = db.execute("SELECT coalesce(max(number), 0) + 1 FROM room").fetchone()[0]
    properties = dict(db.execute("SELECT name, value FROM about WHERE name IN ('server_id', 'secret')"))
    reservations = [Reservation(*row) for row in db.execute("SELECT * FROM seat")]
    author = AuthorIds(properties["secret"])
    progress = search_index.progress(db)
    settings, subscriptions = kept_rooms.read_settings(db), kept_rooms.read_subscriptions(db)
    receipts_off = {identity for (identity,) in db.execute("SELECT identity FROM receipts_off")}
    deleted = {room for (room,) in db.execute("SELECT room FROM deleted_room")}
    passes = db.execute("SELECT room, identity FROM pass ORDER BY given").fetchall()
    kept = settings, subscriptions, passes, deleted, receipts_off, reservations, read_standings(db)
    tables = read_invitations(db), read_held(db)
    return Contents(db, quarantined, properties, author, read_rooms(db, author), next_number, *kept, progress, *tables)


def read_rooms(db: sqlite3.Connection, author: AuthorIds) -> dict[str, StoredRoom]:
    """Return the rooms with messages, by name."""
    rooms = {}
    columns = "number, name, epoch, first_seq, first_change, last_seq, last_change"
    for number, name, epoch, *extents in db.execute(f"SELECT {columns} FROM room WHERE name IS NOT NULL"):
        first, last = Extent(*extents[:2]), Extent(*extents[2:])
        rooms[name] = StoredRoom(RoomEpoch(number, name, epoch, author, last, last), first)
    return rooms
