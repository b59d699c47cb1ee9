"""The newest entries of a room in memory, which nearly every reader asks for."""

from collections import deque
from collections.abc import Iterable
from itertools import accumulate, islice, takewhile

from chatdesk.log.room_log import Entry, HistoryPage
from chatdesk.protocol.limits import HISTORY_BYTES


class RecentEntries:
    """Consecutive entries up to the newest: at most ``max_entries``, and ``max_bytes`` of payload.

    ``last_seq`` is the newest number, whether its entry is here or not.
    """

    def __init__(self, max_entries: int, max_bytes: int, last_seq: int = 0) -> None:
        self.last_seq = last_seq
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: deque[Entry] = deque()

    @property
    def seqs(self) -> range:
        """The numbers of the entries that are held."""
        return range(self.last_seq - len(self._entries) + 1, self.last_seq + 1)

    def append(self, entry: Entry) -> list[Entry]:
        """Add the next entry; return those that were removed to make room."""
        self.last_seq = entry.seq
        self._entries.append(entry)
        self._bytes += len(entry.payload)
        removed = []
        while len(self._entries) > self._max_entries or self._bytes > self._max_bytes:
            removed.append(self._entries.popleft())
            self._bytes -= len(removed[-1].payload)
        return removed

    def prepend(self, entries: list[Entry]) -> None:
        """Add entries that directly precede the first one, as many as there is room for."""
        for entry in reversed(entries):
            fits = len(self._entries) < self._max_entries and self._bytes + len(entry.payload) <= self._max_bytes
            if entry.seq != self.seqs.start - 1 or not fits:
                return
            self._entries.appendleft(entry)
            self._bytes += len(entry.payload)

    def discard_before(self, first_seq: int) -> None:
        """Remove entries older than ``first_seq``."""
        while self._entries and self._entries[0].seq < first_seq:
            self._bytes -= len(self._entries.popleft().payload)

    def get(self, seq: int) -> Entry:
        """Return the entry of this number. Raises IndexError if it is not held."""
        if seq not in self.seqs:
            raise IndexError(seq)
        return self._entries[seq - self.seqs.start]

    def before(self, seq: int, limit: int) -> list[Entry]:
        """Return the newest entries older than ``seq``: at most ``limit``, and as many as fit into a history page."""
        end = max(0, min(seq - self.seqs.start, len(self._entries)))
        entries = self._slice(max(0, end - limit), end)
        return entries[len(entries) - _count_fitting(reversed(entries)) :]

    def after(self, seq: int, limit: int) -> list[Entry]:
        """Return the oldest entries newer than ``seq``: at most ``limit``, and as many as fit into a history page."""
        start = max(0, min(seq + 1 - self.seqs.start, len(self._entries)))
        entries = self._slice(start, min(start + limit, len(self._entries)))
        return entries[: _count_fitting(entries)]

    def page_before(self, seq: int, limit: int, first_seq: int) -> HistoryPage:
        """Return ``before`` as a page of a log that begins at ``first_seq``."""
        entries = self.before(seq, limit)
        return HistoryPage(entries, bool(entries) and entries[0].seq > first_seq)

    def page_after(self, seq: int, limit: int) -> HistoryPage:
        """Return ``after`` as a page."""
        entries = self.after(seq, limit)
        return HistoryPage(entries, bool(entries) and entries[-1].seq < self.last_seq)

    def page_around(self, seq: int, limit: int, first_seq: int) -> HistoryPage:
        """Return a page with as many entries before ``seq`` as from it on, of a log that begins at ``first_seq``."""
        newer = self.after(seq - 1, (limit + 1) // 2)
        older = self.before(seq, limit // 2)
        entries = join_around(older, newer)
        return HistoryPage(entries, bool(entries) and entries[0].seq > first_seq)

    def _slice(self, start: int, end: int) -> list[Entry]:
        """Return entries by position, walking from the nearer end: a deque is slow in the middle."""
        size = len(self._entries)
        if start > size // 2:
            return list(islice(reversed(self._entries), size - end, size - start))[::-1]
        return list(islice(self._entries, start, end))


def join_around(older: list[Entry], newer: list[Entry]) -> list[Entry]:
    """Return as much of both sides as fits into a history page, above all the first of ``newer``."""
    half = fitting_count(len(entry.payload) * 2 for entry in newer) or 1
    max_bytes = HISTORY_BYTES - sum(len(entry.payload) for entry in newer[:half])
    fitting = fitting_count((len(entry.payload) for entry in reversed(older)), max_bytes)
    return [*older[len(older) - fitting :], *newer[:half]]


def fitting_count(sizes: Iterable[int], max_bytes: int = HISTORY_BYTES) -> int:
    """Return how many payloads of these sizes, from the first on, fit into ``max_bytes``."""
    return sum(1 for _ in takewhile(lambda size: size <= max_bytes, accumulate(sizes)))


def _count_fitting(entries: Iterable[Entry]) -> int:
    return fitting_count(len(entry.payload) for entry in entries)
