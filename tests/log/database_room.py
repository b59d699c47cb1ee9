"""A room in a file without threads, for tests of plain functions on a connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from chatdesk.log.acts import Edit
from chatdesk.log.append import Append, insert
from chatdesk.log.database import open_database
from chatdesk.log.room_epoch import RoomEpoch
from chatdesk.log.room_log import ActRefusal, Draft, Record, Refusal
from chatdesk.log.stored_acts import AmendMessage
from tests.log.harness import draft


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection to the file of a folder."""
    db, _ = open_database(folder)
    with closing(db):
        yield db


class Outcomes:
    """Outcomes of the drafts of a batch, in the order in which they were reported."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.refusals: list[Refusal | ActRefusal] = []

    def edited(self, outcome: Record | ActRefusal) -> None:
        """Note a refusal."""
        if not isinstance(outcome, Record):
            self.refusals.append(outcome)

    def appends(self, drafts: Sequence[Draft], room: Callable[[], RoomEpoch]) -> list[Append]:
        """Return the drafts as appends."""
        return [Append(room, said, self.records.append, self.refusals.append) for said in drafts]


def append_drafts(db: sqlite3.Connection, room: RoomEpoch, *drafts: Draft) -> Outcomes:
    """Insert and commit drafts; return the outcomes."""
    told = Outcomes()
    appends = told.appends(drafts, lambda: room)
    db.execute("BEGIN IMMEDIATE")
    insert(db, appends)
    db.execute("COMMIT")
    for append in appends:
        append.mark_committed()
        append.notify_done()
    return told


def filled_room(db: sqlite3.Connection, count: int, number: int = 1, text: str = "number {}") -> RoomEpoch:
    """Insert a room with ``count`` messages."""
    room = RoomEpoch(number, "lobby" if number == 1 else f"room {number}", f"epoch {number}", str)
    append_drafts(db, room, *(draft(text.format(seq), f"id {number}.{seq}") for seq in range(1, count + 1)))
    return room


def edit(db: sqlite3.Connection, room: RoomEpoch, seq: int, content: str, identity: str = "kit") -> Outcomes:
    """Write and commit an edit; return the outcome."""
    told = Outcomes()
    write = AmendMessage(lambda: room, Edit(seq, content, identity), told.records.append, told.edited)
    db.execute("BEGIN IMMEDIATE")
    write.execute(db)
    db.execute("COMMIT")
    write.mark_committed()
    write.notify_done()
    return told


def set_times(db: sqlite3.Connection, *times: int) -> None:
    """Set the times of the first room's messages, in milliseconds."""
    for seq, time in enumerate(times, 1):
        db.execute("UPDATE entry SET time = ? WHERE place = ?", (time, (1 << 40) + seq))
