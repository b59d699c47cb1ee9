"""Forgetting: what retention no longer wants, and rooms that were cleared; in small steps, so that nobody waits."""

import sqlite3
from itertools import takewhile
from typing import NamedTuple

from chatdesk.log import index
from chatdesk.log.schema import digest, place

STEP = 500
"""Entries that one step forgets, at most."""

_MERGED_PAGES = 500
_RETURNED_PAGES = 1_000
_DAY = 24 * 60 * 60 * 1000
_IDS_KEPT = 7 * _DAY
"""How long the ``id`` of a message is known at least, though its text has gone: its sender may still ask for it."""


class Keep(NamedTuple):
    """How much of a room is kept: its newest ``messages``, those of the last ``days``; 0 is no limit."""

    messages: int = 0
    days: float = 0.0

    def __bool__(self) -> bool:
        """Whether there is any limit."""
        return self.messages > 0 or self.days > 0


class Trimmed(NamedTuple):
    """The first number that is left, whether anything went, and whether there is more to forget."""

    first_seq: int
    freed: bool
    more: bool


def trim(db: sqlite3.Connection, number: int, keep: Keep, now: int) -> Trimmed:
    """Forget one step of what a room should not keep."""
    first, last = db.execute("SELECT first_seq, last_seq FROM room WHERE number = ?", (number,)).fetchone()
    target = min(
        max(first, _first_by_count(keep, last), _first_by_age(db, number, first, last, keep, now)), first + STEP
    )
    if target > first:
        _forget_text(db, place(number, first), place(number, target) - 1)
        db.execute("UPDATE room SET first_seq = ? WHERE number = ?", (target, number))
    _forget_ids(db, number, target, now)
    return Trimmed(target, target > first, target == first + STEP)


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
        index.forget_room(db, number)
        _merge(db, -_MERGED_PAGES)  # the index still has the words, marked as deleted: begin to rewrite it
    return True


def forget(db: sqlite3.Connection, first: int, last: int) -> None:
    """Remove the entries from this place to that one, without a trace."""
    _forget_text(db, first, last)
    db.execute("DELETE FROM entry WHERE place BETWEEN ? AND ?", (first, last))


def give_back_space(db: sqlite3.Connection) -> bool:
    """Return to the disk one step of what forgetting has freed. False when nothing of it is left in the file."""
    if _merge(db, _MERGED_PAGES):
        return True
    unused = _unused_pages(db)
    db.execute(f"PRAGMA incremental_vacuum({_RETURNED_PAGES})").fetchall()
    return _unused_pages(db) < unused


def _merge(db: sqlite3.Connection, pages: int) -> bool:
    """Have the index merge its parts, a little; False when there is nothing to merge."""
    before = db.total_changes
    db.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", (pages,))
    return db.total_changes - before > 1


def _unused_pages(db: sqlite3.Connection) -> int:
    unused: int = db.execute("PRAGMA freelist_count").fetchone()[0]
    return unused


def _first_by_count(keep: Keep, last: int) -> int:
    return last - keep.messages + 1 if keep.messages else 0


def _first_by_age(db: sqlite3.Connection, number: int, first: int, last: int, keep: Keep, now: int) -> int:
    """Walks from the oldest on, one step far, up to the first that is young.

    Where a clock went back, nothing young goes with something old. What is of the future says nothing: a clock was
    wrong, and such a message goes with an old one that comes after it.
    """
    if not keep.days:
        return 0
    oldest = now - int(keep.days * _DAY)
    rows = db.execute(
        "SELECT place, time FROM entry WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?",
        (place(number, first), place(number, last), STEP),
    )
    past = takewhile(lambda row: not oldest <= row[1] <= now, rows)
    return max((at - place(number, 0) + 1 for at, time in past if time < oldest), default=0)


def _forget_text(db: sqlite3.Connection, first: int, last: int) -> None:
    """The index has no text of its own: to forget a message, it must be told what was in it."""
    span = (first, last)
    said = db.execute(
        "SELECT place, content FROM entry WHERE place BETWEEN ? AND ? AND content IS NOT NULL", span
    ).fetchall()
    index.remove(db, said)
    left = [(digest(content), at) for at, content in said]
    db.executemany("UPDATE entry SET content = NULL, nickname = '', digest = ? WHERE place = ?", left)


def _forget_ids(db: sqlite3.Connection, number: int, first: int, now: int) -> None:
    db.execute(
        "DELETE FROM entry WHERE place IN (SELECT place FROM entry WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?)"
        " AND time < ?",
        (place(number, 0), place(number, first) - 1, STEP, now - _IDS_KEPT),
    )
