"""What fits into a page: in the log a record is not encoded, so its size on the wire is an upper bound."""

from collections.abc import Iterable
from heapq import merge
from itertools import accumulate, takewhile

import msgspec

from chatdesk.log.acts import Reaction
from chatdesk.log.room_log import ChangesPage, HistoryPage, Record
from chatdesk.protocol.limits import HISTORY_BYTES

_FRAME_BYTES = 384
"""What a message takes at most beside the texts that its sender chooses: field names, room, times and numbers."""
_ACTS_BYTES = 128
"""What a reply, a deletion, a pin and the list of reactions take at most beside nicknames."""
_REACTION_BYTES, _PERSON_BYTES = 64, 64
"""What a reaction, and a person of it or one who is mentioned, takes at most beside emoji and nicknames."""

_quote = msgspec.json.Encoder().encode


def record_size(record: Record) -> int:
    """Return how many bytes a record takes in a page, at most."""
    size = _FRAME_BYTES + len(_quote(f"{record.content}{record.nickname}{record.id or ''}"))
    if record.removed or record.reactions or record.pinned or record.reply_to or record.mentions:
        size += _ACTS_BYTES + len(_quote(record.removed.nickname if record.removed else ""))
        size += sum(map(_reaction_size, record.reactions))
        size += sum(_PERSON_BYTES + len(_quote(mentioned.name)) for mentioned in record.mentions)
    return size


def _reaction_size(reaction: Reaction) -> int:
    names = "".join(reactor.nickname for reactor in reaction.people)
    return _REACTION_BYTES + len(_quote(reaction.emoji + names)) + _PERSON_BYTES * len(reaction.people)


def first_page(records: list[Record]) -> HistoryPage:
    """Return the first of these, as far as they fit; the others are more."""
    fitting = fitting_count(map(record_size, records))
    return HistoryPage(records[:fitting], len(records) > fitting)


def newest_page(newest_first: list[Record], limit: int) -> HistoryPage:
    """Return the first ``limit`` of these as far as they fit, oldest first; the others are more."""
    fitting = min(limit, fitting_count(map(record_size, newest_first)))
    return HistoryPage(newest_first[:fitting][::-1], len(newest_first) > fitting)


def fitting_count(sizes: Iterable[int], max_bytes: int = HISTORY_BYTES) -> int:
    """Return how many items of these sizes, from the first on, fit into ``max_bytes``."""
    return sum(1 for _ in takewhile(lambda size: size <= max_bytes, accumulate(sizes)))


def join_around(older: list[Record], newer: list[Record]) -> list[Record]:
    """Return as much of both sides as fits into a page, above all the first of ``newer``."""
    sizes = [record_size(record) for record in newer]
    half = fitting_count(size * 2 for size in sizes) or 1
    fitting = fitting_count(map(record_size, reversed(older)), HISTORY_BYTES - sum(sizes[:half]))
    return [*older[len(older) - fitting :], *newer[:half]]


def in_order_of_change(new: Iterable[Record], updates: Iterable[Record]) -> list[Record]:
    """Return records that were added and records that were updated, each in order, as a log announces them."""
    added = (record._replace(change=record.first_change) if record.is_update else record for record in new)
    return list(merge(added, updates, key=lambda record: record.change))


def join_changes(seq: int, new: list[Record], updates: list[Record], limit: int, last_change: int) -> ChangesPage:
    """Return a page of what was added and what was updated after message ``seq`` was the newest.

    Each of the lists is in order and complete, or else has ``limit`` records.
    """
    records = in_order_of_change(new, updates)
    page = records[: min(limit, fitting_count(map(record_size, records)) or 1)]
    end = page[-1].change if len(page) < len(records) or len(page) == limit else last_change
    last_seq = max([seq, *(record.seq for record in page if not record.is_update)])
    return ChangesPage(page, end, last_seq, end < last_change)
