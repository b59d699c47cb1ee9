"""The search index: the words of what was said. It has no text of its own, so whatever is taken out must be told again.

Where a file has none yet, or one that was made by other rules, it is built in the background: in steps, from the newest
message of a room back to the first. Meanwhile it has what is newer than ``unindexed`` says.
"""

import sqlite3
from collections.abc import Iterator, Sequence

from chatdesk.log.room_log import Indexing
from chatdesk.log.schema import ROOM_BITS, place
from chatdesk.log.words import indexed

STEP = 1_000
STEP_CHARS = 200_000
"""What one step of building takes, at most: entries, and characters of theirs. A new message waits for it."""

Said = Sequence[tuple[int, str]]
"""Entries of one room: their places, and their texts."""


def add(db: sqlite3.Connection, said: Said) -> None:
    """Put entries in."""
    db.executemany("INSERT INTO search (rowid, text) VALUES (?, ?)", [(at, indexed(text)) for at, text in said])


def remove(db: sqlite3.Connection, said: Said) -> None:
    """Take out those of these entries that are in it."""
    if not said:
        return
    number = said[0][0] >> ROOM_BITS
    row = db.execute("SELECT before FROM unindexed WHERE number = ?", (number,)).fetchone()
    first = place(number, row[0]) if row else 0
    there = [(at, indexed(text)) for at, text in said if at >= first]
    db.executemany("INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", there)


def forget_room(db: sqlite3.Connection, number: int) -> None:
    """A room that has gone waits for nothing."""
    db.execute("DELETE FROM unindexed WHERE number = ?", (number,))


def extend(db: sqlite3.Connection) -> bool:
    """Build one step of the index. False when nothing was missing."""
    row = db.execute(
        "SELECT number, before, first_seq FROM unindexed JOIN room USING (number) WHERE name IS NOT NULL LIMIT 1"
    ).fetchone()
    if row is None:
        return False
    number, before, first = row
    said = list(_newest(db, place(number, first), place(number, before) - 1))
    add(db, said[::-1])
    if said and said[-1][0] > place(number, first):
        db.execute("UPDATE unindexed SET before = ? WHERE number = ?", (said[-1][0] - place(number, 0), number))
    else:
        forget_room(db, number)
    return True


def _newest(db: sqlite3.Connection, first: int, last: int) -> Iterator[tuple[int, str]]:
    """As many of the entries from this place to that one as a step takes, from the end."""
    rows = db.execute(
        "SELECT place, content FROM entry WHERE place BETWEEN ? AND ? AND content IS NOT NULL"
        " ORDER BY place DESC LIMIT ?",
        (first, last, STEP),
    )
    room = STEP_CHARS
    for at, text in rows:
        yield at, text
        room -= len(text)
        if room <= 0:
            return


def progress(db: sqlite3.Connection, number: int | None = None) -> Indexing | None:
    """How far the building is, of one room or of all; None where nothing is missing."""
    missing, total = db.execute(
        "SELECT sum(max(before - first_seq, 0)), sum(last_seq - first_seq + 1) FROM unindexed JOIN room USING (number)"
        " WHERE name IS NOT NULL AND ? IN (number, 0)",
        (number or 0,),
    ).fetchone()
    return Indexing(total - missing, total) if missing else None
