"""Searches several rooms of the file at once: a plain function on a connection, for any thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping

from chatdesk.log.database import is_interruption
from chatdesk.log.history_pages import RoomView, completions, search
from chatdesk.log.room_log import FoundRooms, Hits
from chatdesk.log.schema import SEQ_BITS, entry_place
from chatdesk.log.search_query import SearchQuery


def search_rooms(db: sqlite3.Connection, views: Mapping[int, RoomView], query: SearchQuery, limit: int) -> FoundRooms:
    """Return the newest hits of each room, whose view is given by its number; at most ``limit`` for each.

    Rooms in which the index finds nothing cost nothing. If the time of the search is up after something was found,
    that is the result.
    """
    found: dict[str, Hits] = {}
    try:
        for number in _numbers(db, views, query):
            if (view := views.get(number)) and (hits := search(db, view, query, None, limit)).hits:
                found[view.name] = hits
    except sqlite3.Error as error:
        if not found or not is_interruption(error):
            raise
        return FoundRooms(newest_first(found), more=True)
    return FoundRooms(newest_first(found))


def newest_first(found: Mapping[str, Hits]) -> dict[str, Hits]:
    """Return the rooms in the order of their newest hits."""
    return dict(sorted(found.items(), key=lambda room: room[1].hits[0].record.at, reverse=True))


def _numbers(db: sqlite3.Connection, views: Mapping[int, RoomView], query: SearchQuery) -> Iterator[int]:
    """Yield the rooms that may hold something; with words, those in which the index finds them."""
    if not query.has_words:
        yield from views
        return
    expression, bound = query.expression(completions(db, query)), entry_place(max(views, default=0) + 1, 0)
    while row := db.execute(
        "SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT 1", (expression, bound)
    ).fetchone():
        number = row[0] >> SEQ_BITS
        yield number
        bound = entry_place(number, 0)
