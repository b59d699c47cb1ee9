"""Deletes what retention no longer keeps, and rooms that were cleared, in small steps so that no message waits long."""

import sqlite3
from itertools import takewhile
from typing import NamedTuple

from chatdesk.log import reactions, search_index
from chatdesk.log.room_epoch import Extent
from chatdesk.log.schema import content_digest, entry_place

STEP = 500
"""Entries that one step deletes, at most: about 20 ms, for which a new message may have to wait."""

_MERGED_PAGES = 500
"""Database pages of the index that one merge rewrites, about: 2 MB, some tens of milliseconds."""
_RETURNED_PAGES = 1_000
"""Unused database pages that one step returns to the system: 4 MB."""
_DAY_MS = 24 * 60 * 60 * 1000
_IDS_KEPT_MS = 7 * _DAY_MS
"""How long the ``id`` of a message is known at least: a client may send it again after days without a connection."""


class Retention(NamedTuple):
    """How much of a room is kept: its newest ``messages``, and those of the last ``days``; 0 is no limit."""

    messages: int = 0
    days: float = 0.0

    def __bool__(self) -> bool:
        """Return whether there is any limit."""
        return self.messages > 0 or self.days > 0


class RetentionStep(NamedTuple):
    """What is left, whether anything was deleted, and whether there may be more to delete.

    ``first`` are the first message that is left, and the first change after the last deleted message was added.
    """

    first: Extent
    freed: bool
    more: bool


def apply_retention(db: sqlite3.Connection, number: int, retention: Retention, now: int) -> RetentionStep:
    """Delete one step of what a room should not keep; ``now`` is in milliseconds since 1970."""
    first, last, first_change = db.execute(
        "SELECT first_seq, last_seq, first_change FROM room WHERE number = ?", (number,)
    ).fetchone()
    target = min(
        max(first, _first_by_count(retention, last), _first_by_age(db, number, first, last, retention, now)),
        first + STEP,
    )
    if target > first:
        first_change = _change_of(db, number, target - 1) + 1
        _delete_text(db, entry_place(number, first), entry_place(number, target) - 1)
        values = (target, first_change, number)
        db.execute("UPDATE room SET first_seq = ?, first_change = ? WHERE number = ?", values)
    _delete_old_ids(db, number, target, now)
    return RetentionStep(Extent(target, first_change), target > first, target == first + STEP)


def delete_cleared(db: sqlite3.Connection) -> bool:
    """Delete one step of the rooms that were cleared; return False if nothing of them was left."""
    row = db.execute("SELECT number FROM room WHERE name IS NULL LIMIT 1").fetchone()
    if row is None:
        return False
    number = row[0]
    end = entry_place(number + 1, 0) - 1
    places = [
        at
        for (at,) in db.execute(
            "SELECT place FROM entry WHERE place BETWEEN ? AND ? LIMIT ?", (entry_place(number, 0), end, STEP)
        )
    ]
    if places:
        delete_entries(db, places[0], places[-1])
    else:
        db.execute("DELETE FROM room WHERE number = ?", (number,))
        search_index.remove_room(db, number)
        _merge_index(db, -_MERGED_PAGES)  # the index still holds the words, marked as deleted
    return True


def delete_entries(db: sqlite3.Connection, first: int, last: int) -> None:
    """Remove the entries from place ``first`` to ``last``, their ids included."""
    _delete_text(db, first, last)
    db.execute("DELETE FROM entry WHERE place BETWEEN ? AND ?", (first, last))


def reclaim_space(db: sqlite3.Connection, *, erased: bool = False) -> bool:
    """Return one step of the unused space to the system; return False if none was left.

    ``erased``: words were taken out of the index that nobody may find in the file, so begin to write all of it again.
    """
    if _merge_index(db, -_MERGED_PAGES if erased else _MERGED_PAGES):
        return True
    unused = _unused_pages(db)
    db.execute(f"PRAGMA incremental_vacuum({_RETURNED_PAGES})").fetchall()
    return _unused_pages(db) < unused


def _merge_index(db: sqlite3.Connection, pages: int) -> bool:
    """Merge some segments of the index; return False if there was nothing to merge.

    Negative ``pages`` begin to merge all of them, which goes on with the next calls.
    """
    before = db.total_changes
    db.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", (pages,))
    return db.total_changes - before > 1


def _unused_pages(db: sqlite3.Connection) -> int:
    unused: int = db.execute("PRAGMA freelist_count").fetchone()[0]
    return unused


def _first_by_count(retention: Retention, last: int) -> int:
    return last - retention.messages + 1 if retention.messages else 0


def _first_by_age(db: sqlite3.Connection, number: int, first: int, last: int, retention: Retention, now: int) -> int:
    """Return the first number to keep, looking at one step of entries from the oldest to the first young one.

    If the clock was set back, no young message is deleted with an old one. A time in the future comes from a wrong
    clock and decides nothing: such a message is deleted together with an old one that follows it.
    """
    if not retention.days:
        return 0
    oldest = now - int(retention.days * _DAY_MS)
    rows = db.execute(
        "SELECT place, time FROM entry WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?",
        (entry_place(number, first), entry_place(number, last), STEP),
    )
    past = takewhile(lambda row: not oldest <= row[1] <= now, rows)
    return max((at - entry_place(number, 0) + 1 for at, time in past if time < oldest), default=0)


def _change_of(db: sqlite3.Connection, number: int, seq: int) -> int:
    """Return the change that added a message."""
    row: tuple[int] | None = db.execute(
        "SELECT coalesce(change, ?) FROM entry WHERE place = ?", (seq, entry_place(number, seq))
    ).fetchone()
    return row[0] if row else seq


def _delete_text(db: sqlite3.Connection, first: int, last: int) -> None:
    """Delete the text of entries, from the index too: it holds no text of its own and must be told what to remove."""
    span = (first, last)
    texts = db.execute(
        "SELECT place, content FROM entry WHERE place BETWEEN ? AND ? AND content IS NOT NULL", span
    ).fetchall()
    search_index.remove(db, texts)
    reactions.remove_reactions(db, first, last)
    left = [(content_digest(content), at) for at, content in texts]
    db.executemany(
        "UPDATE entry SET content = NULL, nickname = '', amended = NULL, edited = NULL, reply_to = NULL,"
        " removed = NULL, remover = NULL, pinned = NULL, reactions = NULL, digest = coalesce(digest, ?)"
        " WHERE place = ?",
        left,
    )


def _delete_old_ids(db: sqlite3.Connection, number: int, first: int, now: int) -> None:
    db.execute(
        "DELETE FROM entry WHERE place IN (SELECT place FROM entry WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?)"
        " AND time < ?",
        (entry_place(number, 0), entry_place(number, first) - 1, STEP, now - _IDS_KEPT_MS),
    )
