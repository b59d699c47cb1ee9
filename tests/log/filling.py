"""A room in a file without threads around it, for the plain calls on a connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from chatdesk.log.appending import Append, Incarnation, insert
from chatdesk.log.database import open_database
from chatdesk.log.pages import Extent
from chatdesk.log.room_log import Draft, Entry, Refusal
from tests.log.keeping import draft


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    """The file of a folder."""
    db, _ = open_database(folder)
    with closing(db):
        yield db


class Told:
    """What the drafts of a batch have become, in the order in which it was told."""

    def __init__(self) -> None:
        self.kept: list[Entry] = []
        self.refusals: list[Refusal] = []

    def appends(self, drafts: Sequence[Draft], room: Callable[[], Incarnation]) -> list[Append]:
        """These drafts on their way."""
        return [Append(room, said, self.kept.append, self.refusals.append) for said in drafts]


def said(db: sqlite3.Connection, room: Incarnation, *drafts: Draft) -> Told:
    """Put drafts into the file, and tell what they have become."""
    told = Told()
    appends = told.appends(drafts, lambda: room)
    db.execute("BEGIN IMMEDIATE")
    insert(db, appends)
    db.execute("COMMIT")
    for append in appends:
        append.settle()
        append.done()
    return told


def filled(db: sqlite3.Connection, count: int, number: int = 1, text: str = "number {}") -> Incarnation:
    """A room with so many messages."""
    room = Incarnation(number, "lobby" if number == 1 else f"room {number}", f"epoch {number}")
    said(db, room, *(draft(text.format(seq), f"id {number}.{seq}", room=room.name) for seq in range(1, count + 1)))
    return room


def extent(room: Incarnation, first_seq: int = 1) -> Extent:
    """All of a room."""
    return Extent(room.number, room.name, first_seq, room.written)


def at_times(db: sqlite3.Connection, *times: int) -> None:
    """Have the messages of the first room said at these moments, in milliseconds."""
    for seq, time in enumerate(times, 1):
        db.execute("UPDATE entry SET time = ? WHERE place = ?", (time, (1 << 40) + seq))
