"""Reads the log's file: history pages, moments and searches. Plain functions on a connection, for any thread."""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from chatdesk.log import search_index
from chatdesk.log.database import damage_error
from chatdesk.log.recent_entries import fitting_count, join_around
from chatdesk.log.room_log import Entry, HistoryPage, Hits
from chatdesk.log.schema import entry_place
from chatdesk.log.search_query import SearchQuery, collect_hits
from chatdesk.protocol import codec, events

_INDEXED_PREFIX_CHARS = 3
"""Longest prefix that the search index has an index of; see ``schema``."""
_MAX_COMPLETIONS = 64
"""Words that a prefix is replaced by, at most: with more, FTS5's own search by prefix is as quick."""
_COLUMNS = "place, nickname, content, time, id"


class RoomRange(NamedTuple):
    """What may be read of a room: its number in the file, its name, its first and last entry."""

    number: int
    name: str
    first_seq: int
    last_seq: int


def room_range(db: sqlite3.Connection, name: str) -> RoomRange | None:
    """Return the whole range of a room; None if there is no such room."""
    row = db.execute("SELECT number, name, first_seq, last_seq FROM room WHERE name = ?", (name,)).fetchone()
    return RoomRange(*row) if row else None


def before(db: sqlite3.Connection, room: RoomRange, seq: int, limit: int) -> HistoryPage:
    """Return the newest entries older than ``seq``."""
    entries = _older(db, room, seq, limit)
    return HistoryPage(entries, bool(entries) and entries[0].seq > room.first_seq)


def after(db: sqlite3.Connection, room: RoomRange, seq: int, limit: int) -> HistoryPage:
    """Return the oldest entries newer than ``seq``."""
    entries = _newer(db, room, seq, limit)
    return HistoryPage(entries, bool(entries) and entries[-1].seq < room.last_seq)


def around_seq(db: sqlite3.Connection, room: RoomRange, seq: int, limit: int) -> HistoryPage:
    """Return as many entries before ``seq`` as from it on."""
    entries = join_around(_older(db, room, seq, limit // 2), _newer(db, room, seq - 1, (limit + 1) // 2))
    return HistoryPage(entries, bool(entries) and entries[0].seq > room.first_seq)


def at_moment(db: sqlite3.Connection, room: RoomRange, moment: int, limit: int) -> HistoryPage:
    """Return entries around the first one from a moment on, or the latest; ``moment`` is in ms since 1970."""
    return around_seq(db, room, min(seq_at(db, room, moment), room.last_seq), limit)


def seq_at(db: sqlite3.Connection, room: RoomRange, moment: int) -> int:
    """Return the number of the first entry from a moment on, by binary search.

    If the clock was set back, the result is near the right place, because only a few times are out of order.
    """
    low, high = room.first_seq, room.last_seq + 1
    while low < high:
        middle = (low + high) // 2
        row = db.execute("SELECT time FROM entry WHERE place = ?", (entry_place(room.number, middle),)).fetchone()
        if row and row[0] < moment:
            low = middle + 1
        else:
            high = middle
    return low


def search(db: sqlite3.Connection, room: RoomRange, query: SearchQuery, older_than: int | None, limit: int) -> Hits:
    """Return the newest entries, older than ``older_than`` if given, that hold the words of the query."""
    last = room.last_seq if older_than is None else min(older_than - 1, room.last_seq)
    if not query or last < room.first_seq:
        return Hits([], False)
    span = (entry_place(room.number, room.first_seq), entry_place(room.number, last))
    indexing = search_index.progress(db, room.number)  # now, because the search may be interrupted
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM search JOIN entry ON entry.place = search.rowid"
        " WHERE search MATCH ? AND search.rowid BETWEEN ? AND ? ORDER BY search.rowid DESC",
        (query.expression(completions(db, query)), *span),
    )
    return collect_hits(query, (_message(room, row) for row in rows), limit)._replace(indexing=indexing)


def completions(db: sqlite3.Connection, query: SearchQuery) -> list[str]:
    """Return the words with the prefix that ends the query; none if they are many or FTS5 has an index of the prefix.

    For a prefix without an index, FTS5 merges the places of all its words before it yields the newest one. Given the
    words themselves, it starts with the newest.
    """
    prefix = query.prefix
    words: list[str] = []
    if len(prefix) > _INDEXED_PREFIX_CHARS:
        for word in islice(_terms_from(db, prefix), _MAX_COMPLETIONS + 1):
            if not word.startswith(prefix):
                return words
            words.append(word)
    return words if len(words) <= _MAX_COMPLETIONS else []


def _terms_from(db: sqlite3.Connection, word: str) -> Iterator[str]:
    """Yield the words of the index from ``word`` on. Each is looked up: the view has a row for each of its places."""
    while row := db.execute("SELECT term FROM word WHERE term >= ? LIMIT 1", (word,)).fetchone():
        yield row[0]
        word = f"{row[0]}\1"


def messages(db: sqlite3.Connection, room: RoomRange) -> Iterator[events.Message]:
    """Yield all messages of a range in order, without holding all of them in memory."""
    for row in _rows(db, room, room.first_seq, room.last_seq, "ASC", -1):
        yield _message(room, row)


def entries(db: sqlite3.Connection, room: RoomRange) -> list[Entry]:
    """Return all entries of a short range."""
    return [_entry(room, row) for row in _rows(db, room, room.first_seq, room.last_seq, "ASC", -1)]


def message_at(db: sqlite3.Connection, room: RoomRange, seq: int) -> events.Message | None:
    """Return one message; None if it is not held any more."""
    return next((_message(room, row) for row in _rows(db, room, seq, seq, "ASC", 1)), None)


def _older(db: sqlite3.Connection, room: RoomRange, seq: int, limit: int) -> list[Entry]:
    last = min(seq - 1, room.last_seq)
    entries = [_entry(room, row) for row in _rows(db, room, room.first_seq, last, "DESC", limit)]
    fitting = fitting_count(len(entry.payload) for entry in entries)
    return _require_gapless(entries[::-1], last)[len(entries) - fitting :]


def _newer(db: sqlite3.Connection, room: RoomRange, seq: int, limit: int) -> list[Entry]:
    first = max(room.first_seq, min(seq, room.last_seq) + 1)
    entries = [_entry(room, row) for row in _rows(db, room, first, room.last_seq, "ASC", limit)]
    fitting = fitting_count(len(entry.payload) for entry in entries)
    return _require_gapless(entries, min(first + limit - 1, room.last_seq))[:fitting]


def _rows(
    db: sqlite3.Connection, room: RoomRange, first: int, last: int, order: str, limit: int
) -> Iterator[tuple[int, str, str, int, str | None]]:
    return db.execute(
        f"SELECT {_COLUMNS} FROM entry WHERE place BETWEEN ? AND ? AND content IS NOT NULL"
        f" ORDER BY place {order} LIMIT ?",
        (entry_place(room.number, first), entry_place(room.number, last), limit),
    )


def _message(room: RoomRange, row: tuple[int, str, str, int, str | None]) -> events.Message:
    at, nickname, content, time, message_id = row
    return events.Message(
        nickname, content, events.timestamp(time), room.name, at - entry_place(room.number, 0), message_id
    )


def _entry(room: RoomRange, row: tuple[int, str, str, int, str | None]) -> Entry:
    message = _message(room, row)
    return Entry(message.seq, codec.encode(message))


def _require_gapless(entries: list[Entry], last: int) -> list[Entry]:
    """Return entries that end at ``last``; raise an error for a gap. Only the oldest may be gone, by retention."""
    if entries and (entries[-1].seq < last or entries[-1].seq - entries[0].seq != len(entries) - 1):
        raise damage_error("entries are missing")
    return entries
