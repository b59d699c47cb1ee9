"""Reads the log's file: history pages, moments and searches. Plain functions on a connection, for any thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from chatdesk.log import reactions, search_index
from chatdesk.log.acts import Reactors, Removal, Remover
from chatdesk.log.bots import is_bot
from chatdesk.log.database import damage_error
from chatdesk.log.mentions import decode_mentions
from chatdesk.log.nameless import is_nameless
from chatdesk.log.pages import (
    first_page,
    fitting_count,
    in_order_of_change,
    join_around,
    join_changes,
    newest_page,
    record_size,
)
from chatdesk.log.room_epoch import Extent, RoomEpoch
from chatdesk.log.room_log import ChangesPage, HistoryPage, Hits, Record
from chatdesk.log.schema import SEQ_BITS, entry_place
from chatdesk.log.search_operators import Operators
from chatdesk.log.search_query import SearchQuery, collect_hits
from chatdesk.log.signed_in import is_signed_in

_INDEXED_PREFIX_CHARS = 3
"""Longest prefix that the search index has an index of; see ``schema``."""
_MAX_COMPLETIONS = 64
"""Words that a prefix is replaced by, at most: with more, FTS5's own search by prefix is as quick."""
_ACTS = "removed, remover, reactions, pinned, mentions, action"
_COLUMNS = f"place, identity, nickname, content, time, id, change, amended, edited, reply_to, {_ACTS}"
_SEQ_MASK = (1 << SEQ_BITS) - 1

_Row = tuple[Any, ...]


class RoomView(NamedTuple):
    """What may be read of a room: its number in the file, its name, its first and last record, and its last change.

    ``author`` turns an identity into its public id.
    """

    number: int
    name: str
    first_seq: int
    last_seq: int
    last_change: int
    author: Callable[[str], str]

    @classmethod
    def of(cls, room: RoomEpoch) -> RoomView:
        """Return the view of all that is written."""
        return cls(room.number, room.name, 1, room.written.seq, room.written.change, room.author)


def whole_view(db: sqlite3.Connection, name: str, author: Callable[[str], str]) -> RoomView | None:
    """Return the view of a whole room; None if there is no such room."""
    row = db.execute(
        "SELECT number, name, first_seq, last_seq, last_change FROM room WHERE name = ?", (name,)
    ).fetchone()
    return RoomView(row[0], row[1], row[2], row[3], row[4], author) if row else None


def before(db: sqlite3.Connection, room: RoomView, seq: int, limit: int) -> HistoryPage:
    """Return the newest records older than ``seq``."""
    records = _older(db, room, seq, limit)
    return HistoryPage(records, bool(records) and records[0].seq > room.first_seq)


def after(db: sqlite3.Connection, room: RoomView, seq: int, limit: int) -> HistoryPage:
    """Return the oldest records newer than ``seq``."""
    records = _newer(db, room, seq, limit)
    return HistoryPage(records, bool(records) and records[-1].seq < room.last_seq)


def around_seq(db: sqlite3.Connection, room: RoomView, seq: int, limit: int) -> HistoryPage:
    """Return as many records before ``seq`` as from it on."""
    records = join_around(_older(db, room, seq, limit // 2), _newer(db, room, seq - 1, (limit + 1) // 2))
    return HistoryPage(records, bool(records) and records[0].seq > room.first_seq)


def at_moment(db: sqlite3.Connection, room: RoomView, moment: int, limit: int) -> HistoryPage:
    """Return records around the first one from a moment on, or the latest; ``moment`` is in ms since 1970."""
    return around_seq(db, room, min(seq_at(db, room, moment), room.last_seq), limit)


def pins(db: sqlite3.Connection, room: RoomView, older_than: int | None, limit: int) -> HistoryPage:
    """Return the newest pinned records, older than ``older_than`` if given."""
    last = room.last_seq if older_than is None else min(older_than - 1, room.last_seq)
    span = (entry_place(room.number, room.first_seq), entry_place(room.number, last))
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM entry WHERE pinned IS NOT NULL AND place BETWEEN ? AND ? ORDER BY place DESC LIMIT ?",
        (*span, limit + 1),
    )
    return newest_page([_record(room, row) for row in rows], limit)


def reactors(db: sqlite3.Connection, room: RoomView, seq: int, emoji: str, skip: int, limit: int) -> Reactors:
    """Return who has reacted to a message with this emoji, in that order and without the first ``skip`` of them."""
    if not room.first_seq <= seq <= room.last_seq:  # a higher number would be the place of another room's message
        return Reactors([], more=False)
    people = reactions.reactors(db, entry_place(room.number, seq), emoji, room.author, skip, limit + 1)
    return Reactors(people[:limit], len(people) > limit)


def own_reactions(db: sqlite3.Connection, room: RoomView, identity: str, seqs: range) -> dict[int, list[str]]:
    """Return with what a person has reacted to these messages, by number; messages without one are left out."""
    first, last = max(seqs.start, room.first_seq), min(seqs.stop - 1, room.last_seq)
    if first > last:
        return {}
    span = (entry_place(room.number, first), entry_place(room.number, last))
    found = reactions.own_reactions(db, identity, *span)
    return {place & _SEQ_MASK: emoji for place, emoji in found.items()}


def seq_at(db: sqlite3.Connection, room: RoomView, moment: int) -> int:
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


def search(db: sqlite3.Connection, room: RoomView, query: SearchQuery, older_than: int | None, limit: int) -> Hits:
    """Return the newest records, older than ``older_than`` if given, that the query selects."""
    first, last = _searched(db, room, query.operators, older_than)
    if not query or last < first:
        return Hits([], False)
    if not query.has_words:
        rows = _rows(db, room, first, last, "DESC", -1)
        return collect_hits(query, (_record(room, row) for row in rows), limit)
    span = (entry_place(room.number, first), entry_place(room.number, last))
    indexing = search_index.progress(db, room.number)  # now, because the search may be interrupted
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM search JOIN entry ON entry.place = search.rowid"
        " WHERE search MATCH ? AND search.rowid BETWEEN ? AND ? ORDER BY search.rowid DESC",
        (query.expression(completions(db, query)), *span),
    )
    return collect_hits(query, (_record(room, row) for row in rows), limit)._replace(indexing=indexing)


def _searched(db: sqlite3.Connection, room: RoomView, operators: Operators, older_than: int | None) -> tuple[int, int]:
    """Return the first and the last number that a search looks at."""
    first = room.first_seq if operators.since is None else seq_at(db, room, operators.since)
    end = room.last_seq + 1 if operators.until is None else seq_at(db, room, operators.until)
    return first, (end if older_than is None else min(end, older_than)) - 1


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


def records(db: sqlite3.Connection, room: RoomView) -> Iterator[Record]:
    """Yield all records of a view in order, without holding all of them in memory."""
    for row in _rows(db, room, room.first_seq, room.last_seq, "ASC", -1):
        yield _record(room, row)


def record_at(db: sqlite3.Connection, room: RoomView, seq: int) -> Record | None:
    """Return one record; None if it is not held any more."""
    return next((_record(room, row) for row in _rows(db, room, seq, seq, "ASC", 1)), None)


def records_at(db: sqlite3.Connection, room: RoomView, seqs: Sequence[int]) -> HistoryPage:
    """Return the records of these numbers, without those that are not held any more."""
    return first_page([record for seq in seqs if (record := record_at(db, room, seq))])


def since(db: sqlite3.Connection, room: RoomView, change: int, limit: int) -> ChangesPage | None:
    """Return what has changed after ``change``; None if retention has deleted some of what was added then."""
    first: tuple[int, int] | None = db.execute(
        "SELECT first_seq, first_change FROM room WHERE number = ?", (room.number,)
    ).fetchone()
    if first is None or change + 1 < first[1]:
        return None
    now = room._replace(first_seq=first[0])
    change = min(change, room.last_change)
    seq = _last_seq_at(db, now, change)
    new = [_record(room, row) for row in _rows(db, now, seq + 1, room.last_seq, "ASC", limit)]
    _require_gapless(new, min(seq + limit, room.last_seq))
    return join_changes(seq, new, _updates(db, room, change, limit), limit, room.last_change)


def changes_after(db: sqlite3.Connection, room: RoomView, extent: Extent) -> list[Record]:
    """Return all that a few writes have changed since the room had this extent, in order."""
    new = records(db, room._replace(first_seq=extent.seq + 1))
    return in_order_of_change(new, _updates(db, room, extent.change, -1))


def newest(db: sqlite3.Connection, room: RoomView, limit: int) -> tuple[list[Record], int]:
    """Return the newest records, and a position: whatever has changed after it is in them."""
    found = _older(db, room, room.last_seq + 1, limit)
    if not found:
        return [], room.last_change
    span = (entry_place(room.number, 0), entry_place(room.number, room.last_change))
    row: tuple[int] | None = db.execute(
        "SELECT amended FROM entry WHERE amended BETWEEN ? AND ? AND place < ? ORDER BY amended DESC LIMIT 1",
        (*span, entry_place(room.number, found[0].seq)),
    ).fetchone()
    return found, max(found[0].first_change - 1, row[0] & _SEQ_MASK if row else 0)


def _last_seq_at(db: sqlite3.Connection, room: RoomView, change: int) -> int:
    """Return the number of the newest record at some change, by binary search.

    A record has at least as many changes before it as messages, and at most all updates besides.
    """
    low = max(room.first_seq - 1, change - (room.last_change - room.last_seq))
    high = min(change, room.last_seq)
    while low < high:
        middle = (low + high + 1) // 2
        place = entry_place(room.number, middle)
        row = db.execute("SELECT coalesce(change, ?) FROM entry WHERE place = ?", (middle, place)).fetchone()
        if row and row[0] <= change:
            low = middle
        else:
            high = middle - 1
    return low


def _updates(db: sqlite3.Connection, room: RoomView, change: int, limit: int) -> list[Record]:
    """Return records that were updated after ``change``, in the order of their last change."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM entry WHERE amended > ? AND amended <= ? ORDER BY amended LIMIT ?",
        (entry_place(room.number, change), entry_place(room.number, room.last_change), limit),
    )
    return [_record(room, row) for row in rows]


def _older(db: sqlite3.Connection, room: RoomView, seq: int, limit: int) -> list[Record]:
    last = min(seq - 1, room.last_seq)
    found = [_record(room, row) for row in _rows(db, room, room.first_seq, last, "DESC", limit)]
    fitting = fitting_count(map(record_size, found))
    return _require_gapless(found[::-1], last)[len(found) - fitting :]


def _newer(db: sqlite3.Connection, room: RoomView, seq: int, limit: int) -> list[Record]:
    first = max(room.first_seq, min(seq, room.last_seq) + 1)
    found = [_record(room, row) for row in _rows(db, room, first, room.last_seq, "ASC", limit)]
    return _require_gapless(found, min(first + limit - 1, room.last_seq))[: fitting_count(map(record_size, found))]


def _rows(db: sqlite3.Connection, room: RoomView, first: int, last: int, order: str, limit: int) -> Iterator[_Row]:
    return db.execute(
        f"SELECT {_COLUMNS} FROM entry WHERE place BETWEEN ? AND ? AND content IS NOT NULL"
        f" ORDER BY place {order} LIMIT ?",
        (entry_place(room.number, first), entry_place(room.number, last), limit),
    )


def _record(room: RoomView, row: _Row) -> Record:
    at, identity, nickname, content, time, message_id, change, amended, edited, reply_to, *acts = row
    seq = at & _SEQ_MASK
    first_change = seq if change is None else change
    last_change = first_change if amended is None else amended & _SEQ_MASK
    author, bot = room.author(identity), is_bot(identity)
    record = Record(
        *(seq, first_change, last_change, author, nickname, content, time, message_id, edited, reply_to),
        bot=bot,
        verified=is_signed_in(identity),
    )
    if is_nameless(identity):
        record = record._replace(nameless=True)
    return _with_acts(record, *acts) if any(acts) else record


def _with_acts(
    record: Record,
    removed: str | None,
    remover: str | None,
    reacted: str | None,
    pinned: int | None,
    mentions: str | None,
    action: int | None,
) -> Record:
    return record._replace(
        removed=Removal(Remover(removed), remover or "") if removed else None,
        reactions=reactions.decode_reactions(reacted),
        pinned=bool(pinned),
        mentions=decode_mentions(mentions),
        action=bool(action),
    )


def _require_gapless(found: list[Record], last: int) -> list[Record]:
    """Return records that end at ``last``; raise an error for a gap. Only the oldest may be gone, by retention."""
    if found and (found[-1].seq < last or found[-1].seq - found[0].seq != len(found) - 1):
        raise damage_error("records are missing")
    return found
