"""The newest records of a room in memory, which nearly every reader asks for."""

from bisect import bisect_right
from collections import deque
from itertools import islice, takewhile

from chatdesk.log.pages import fitting_count, join_around, join_changes, record_size
from chatdesk.log.room_epoch import Extent
from chatdesk.log.room_log import ChangesPage, HistoryPage, Record
from chatdesk.protocol.limits import HISTORY_BYTES


class RecentRecords:
    """Consecutive records up to the newest: at most ``max_records``, and ``max_bytes`` in pages.

    ``last_seq`` and ``last_change`` are the newest, whether their record is here or not. Whatever has changed after
    ``complete_after`` is here.
    """

    def __init__(self, max_records: int, max_bytes: int, last_seq: int = 0, last_change: int = 0) -> None:
        self.last_seq = last_seq
        self.last_change = last_change
        self.complete_after = last_change
        self._max_records = max_records
        self._max_bytes = max_bytes
        self._bytes = 0
        self._records: deque[Record] = deque()
        self._sizes: deque[int] = deque()
        """What each of them takes in a page."""
        self._updates: dict[int, int] = {}
        """The numbers of updated records by their change, in order."""

    @property
    def last(self) -> Extent:
        """The newest message and the newest change."""
        return Extent(self.last_seq, self.last_change)

    @property
    def seqs(self) -> range:
        """The numbers of the records that are held."""
        return range(self.last_seq - len(self._records) + 1, self.last_seq + 1)

    def append(self, record: Record) -> list[Record]:
        """Add the next record; return those that were removed to make room."""
        self.last_seq, self.last_change = record.seq, record.change
        size = record_size(record)
        self._records.append(record)
        self._sizes.append(size)
        self._bytes += size
        return self._shrink()

    def update(self, record: Record) -> list[Record]:
        """Replace an older record, if it is held, by its present state; return those that were removed to make room."""
        self.last_change = record.change
        if record.seq not in self.seqs:
            self.complete_after = record.change
            return []
        index = record.seq - self.seqs.start
        before = self._records[index]
        size = record_size(record)
        self._bytes += size - self._sizes[index]
        self._records[index], self._sizes[index] = record, size
        self._updates.pop(before.change, None)
        self._updates[record.change] = record.seq
        return self._shrink()

    def prepend(self, records: list[Record], complete_after: int) -> None:
        """Add records that directly precede the first one, as many as there is room for.

        With all of them, whatever has changed after ``complete_after`` is here.
        """
        left = list(records)
        while left and left[-1].seq == self.seqs.start - 1 and self._has_room_for(size := record_size(left[-1])):
            self._bytes += size
            self._records.appendleft(left.pop())
            self._sizes.appendleft(size)
        if len(left) < len(records):
            self.complete_after = max([complete_after, *(record.change for record in left)])
            by_change = sorted(self._records, key=lambda record: record.change)
            self._updates = {record.change: record.seq for record in by_change if record.is_update}

    def discard_before(self, first_seq: int) -> None:
        """Remove records older than ``first_seq``."""
        while self._records and self._records[0].seq < first_seq:
            self._remove_oldest()

    def get(self, seq: int) -> Record:
        """Return the record of this number. Raises IndexError if it is not held."""
        if seq not in self.seqs:
            raise IndexError(seq)
        return self._records[seq - self.seqs.start]

    def before(self, seq: int, limit: int) -> list[Record]:
        """Return the newest records older than ``seq``: at most ``limit``, and as many as fit into a page."""
        end = max(0, min(seq - self.seqs.start, len(self._records)))
        records = self._slice(max(0, end - limit), end)
        return records if self._fits else records[len(records) - _count_fitting(records[::-1]) :]

    def after(self, seq: int, limit: int) -> list[Record]:
        """Return the oldest records newer than ``seq``: at most ``limit``, and as many as fit into a page."""
        start = max(0, min(seq + 1 - self.seqs.start, len(self._records)))
        records = self._slice(start, min(start + limit, len(self._records)))
        return records if self._fits else records[: _count_fitting(records)]

    def page_before(self, seq: int, limit: int, first_seq: int) -> HistoryPage:
        """Return ``before`` as a page of a log that begins at ``first_seq``."""
        records = self.before(seq, limit)
        return HistoryPage(records, bool(records) and records[0].seq > first_seq)

    def page_after(self, seq: int, limit: int) -> HistoryPage:
        """Return ``after`` as a page."""
        records = self.after(seq, limit)
        return HistoryPage(records, bool(records) and records[-1].seq < self.last_seq)

    def page_around(self, seq: int, limit: int, first_seq: int) -> HistoryPage:
        """Return a page with as many records before ``seq`` as from it on, of a log that begins at ``first_seq``."""
        records = join_around(self.before(seq, limit // 2), self.after(seq - 1, (limit + 1) // 2))
        return HistoryPage(records, bool(records) and records[0].seq > first_seq)

    def since(self, change: int, limit: int) -> ChangesPage:
        """Return what has changed after ``change``, as far as it is held."""
        start = bisect_right(self._records, change, key=lambda record: record.first_change)
        new = self._slice(start, min(start + limit, len(self._records)))
        updated = list(takewhile(lambda other: other > change, reversed(self._updates)))
        updates = [self.get(self._updates[other]) for other in updated[::-1][:limit]]
        return join_changes(self.seqs.start + start - 1, new, updates, limit, self.last_change)

    @property
    def _fits(self) -> bool:
        """Whether all that is held fits into one page."""
        return self._bytes <= HISTORY_BYTES

    def _has_room_for(self, size: int) -> bool:
        return len(self._records) < self._max_records and self._bytes + size <= self._max_bytes

    def _shrink(self) -> list[Record]:
        removed = []
        while len(self._records) > self._max_records or self._bytes > self._max_bytes:
            removed.append(self._remove_oldest())
        return removed

    def _remove_oldest(self) -> Record:
        record = self._records.popleft()
        self._bytes -= self._sizes.popleft()
        if self._updates:
            self._updates.pop(record.change, None)
        if record.change > self.complete_after:
            self.complete_after = record.change
        return record

    def _slice(self, start: int, end: int) -> list[Record]:
        """Return records by position, walking from the nearer end: a deque is slow in the middle."""
        size = len(self._records)
        if start > size // 2:
            return list(islice(reversed(self._records), size - end, size - start))[::-1]
        return list(islice(self._records, start, end))


def _count_fitting(records: list[Record]) -> int:
    return fitting_count(map(record_size, records))
