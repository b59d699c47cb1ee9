"""The search index of the file. It stores no text: to remove an entry, its text is needed again.

If a file has no index, or one that was built by other rules, it is built in the background: in steps, from the newest
message of a room back to the oldest. Meanwhile it covers what is newer than ``unindexed`` says.
"""

import sqlite3
from collections.abc import Iterator, Sequence

from chatdesk.log.room_log import IndexProgress
from chatdesk.log.schema import SEQ_BITS, entry_place
from chatdesk.log.tokenizer import index_text

STEP, STEP_CHARS = 1_000, 200_000
"""Entries and characters that one step indexes, at most: tens of milliseconds, for which a new message may wait."""

Texts = Sequence[tuple[int, str]]
"""Entries of one room: place and text of each."""


def add(db: sqlite3.Connection, texts: Texts) -> None:
    """Add entries."""
    db.executemany("INSERT INTO search (rowid, text) VALUES (?, ?)", [(at, index_text(text)) for at, text in texts])


def remove(db: sqlite3.Connection, texts: Texts) -> None:
    """Remove those of these entries that are indexed."""
    if not texts:
        return
    first = _first_indexed(db, texts[0][0])
    indexed = [(at, index_text(text)) for at, text in texts if at >= first]
    db.executemany("INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", indexed)


def replace(db: sqlite3.Connection, at: int, before: str, text: str) -> None:
    """Replace the text of an entry, if it is indexed."""
    remove(db, [(at, before)])
    if at >= _first_indexed(db, at):
        add(db, [(at, text)])


def _first_indexed(db: sqlite3.Connection, at: int) -> int:
    """Return the place from which on the room of this place is indexed."""
    number = at >> SEQ_BITS
    row = db.execute("SELECT before FROM unindexed WHERE number = ?", (number,)).fetchone()
    return entry_place(number, row[0]) if row else 0


def remove_room(db: sqlite3.Connection, number: int) -> None:
    """Forget that entries of a room are still to be indexed."""
    db.execute("DELETE FROM unindexed WHERE number = ?", (number,))


def build_step(db: sqlite3.Connection) -> bool:
    """Index one step of the missing entries; return False if none was missing."""
    row = db.execute(
        "SELECT number, before, first_seq FROM unindexed JOIN room USING (number) WHERE name IS NOT NULL LIMIT 1"
    ).fetchone()
    if row is None:
        return False
    number, before, first = row
    texts = list(_newest(db, entry_place(number, first), entry_place(number, before) - 1))
    add(db, texts[::-1])
    if texts and texts[-1][0] > entry_place(number, first):
        db.execute("UPDATE unindexed SET before = ? WHERE number = ?", (texts[-1][0] - entry_place(number, 0), number))
    else:
        remove_room(db, number)
    return True


def _newest(db: sqlite3.Connection, first: int, last: int) -> Iterator[tuple[int, str]]:
    """Yield the entries between two places, newest first, as many as one step takes."""
    rows = db.execute(
        "SELECT place, content FROM entry WHERE place BETWEEN ? AND ? AND content IS NOT NULL"
        " ORDER BY place DESC LIMIT ?",
        (first, last, STEP),
    )
    remaining = STEP_CHARS
    for at, text in rows:
        yield at, text
        remaining -= len(text)
        if remaining <= 0:
            return


def progress(db: sqlite3.Connection, number: int | None = None) -> IndexProgress | None:
    """Return the progress of building, for one room or all; None if nothing is missing."""
    missing, total = db.execute(
        "SELECT sum(max(before - first_seq, 0)), sum(last_seq - first_seq + 1) FROM unindexed JOIN room USING (number)"
        " WHERE name IS NOT NULL AND ? IN (number, 0)",
        (number or 0,),
    ).fetchone()
    return IndexProgress(total - missing, total) if missing else None
