"""Forgetting: what retention no longer wants, and rooms that were cleared; in small steps, so that nobody waits."""

import sqlite3
from typing import NamedTuple

from chatdesk.log.schema import place
from chatdesk.log.words import folded

STEP = 500
"""Entries that one step forgets, at most."""

_DAY = 24 * 60 * 60 * 1000
_IDS_KEPT = 7 * _DAY
"""How long the ``id`` of a message is known after its text has gone: a client may still ask whether it arrived."""


class Keep(NamedTuple):
    """How much of a room is kept: its newest ``messages``, those of the last ``days``; 0 is no limit."""

    messages: int = 0
    days: float = 0.0

    def __bool__(self) -> bool:
        """Whether there is any limit."""
        return self.messages > 0 or self.days > 0


def trim(db: sqlite3.Connection, number: int, keep: Keep, now: int) -> tuple[int, bool]:
    """Forget one step of what a room should not keep.

    The result is the first number that is left, and whether there is more to forget.
    """
    first, last = db.execute("SELECT first_seq, last_seq FROM room WHERE number = ?", (number,)).fetchone()
    target = min(
        max(first, _first_by_count(keep, last), _first_by_age(db, number, first, last, keep, now)), first + STEP
    )
    if target > first:
        _forget_text(db, place(number, first), place(number, target) - 1)
        db.execute("UPDATE room SET first_seq = ? WHERE number = ?", (target, number))
    _forget_ids(db, number, target, now)
    return target, target == first + STEP


def sweep(db: sqlite3.Connection) -> bool:
    """Forget one step of the rooms that were cleared. False when there is nothing left of them."""
    row = db.execute("SELECT number FROM room WHERE name IS NULL LIMIT 1").fetchone()
    if row is None:
        return False
    number = row[0]
    end = place(number + 1, 0) - 1
    places = [
        at
        for (at,) in db.execute(
            "SELECT place FROM entry WHERE place BETWEEN ? AND ? LIMIT ?", (place(number, 0), end, STEP)
        )
    ]
    if places:
        forget(db, places[0], places[-1])
    else:
        db.execute("DELETE FROM room WHERE number = ?", (number,))
    return True


def forget(db: sqlite3.Connection, first: int, last: int) -> None:
    """Remove the entries from this place to that one, without a trace."""
    _forget_text(db, first, last)
    db.execute("DELETE FROM entry WHERE place BETWEEN ? AND ?", (first, last))


def give_back_space(db: sqlite3.Connection) -> None:
    """Return to the disk what forgetting has freed; nothing of it is left in the journal either."""
    db.execute("PRAGMA incremental_vacuum").fetchall()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _first_by_count(keep: Keep, last: int) -> int:
    return last - keep.messages + 1 if keep.messages else 0


def _first_by_age(db: sqlite3.Connection, number: int, first: int, last: int, keep: Keep, now: int) -> int:
    """Walks from the oldest on, one step far: where a clock went back, nothing young goes with something old."""
    if not keep.days:
        return 0
    oldest = now - int(keep.days * _DAY)
    rows = db.execute(
        "SELECT place, time FROM entry WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?",
        (place(number, first), place(number, last), STEP),
    )
    young = next((at - place(number, 0) for at, time in rows if time >= oldest), None)
    return min(first + STEP, last + 1) if young is None else young


def _forget_text(db: sqlite3.Connection, first: int, last: int) -> None:
    """The index has no text of its own: to forget a message, it must be told what was in it."""
    span = (first, last)
    rows = db.execute("SELECT place, content FROM entry WHERE place BETWEEN ? AND ? AND content IS NOT NULL", span)
    said = [(at, folded(content)) for at, content in rows]
    db.executemany("INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", said)
    db.execute("UPDATE entry SET content = NULL, nickname = '' WHERE place BETWEEN ? AND ?", span)


def _forget_ids(db: sqlite3.Connection, number: int, first: int, now: int) -> None:
    db.execute(
        "DELETE FROM entry WHERE place IN (SELECT place FROM entry WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?)"
        " AND time < ?",
        (place(number, 0), place(number, first) - 1, STEP, now - _IDS_KEPT),
    )
