"""The latest entries of the order, which a node puts back if their maker loses them."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable

from chatdesk.cluster.order_link import Entry, entry_key, read_entry
from chatdesk.log.operations import Ordered

_MOST = 10_000
"""A second of a flood, in which no replica is further behind."""
_MOST_BYTES = 16 << 20
"""Of all of them: ten thousand long messages would take as much memory as a hundred thousand people."""


class LatestEntries:
    """The latest entries that were read, as text: as objects they take three times as much.

    ``place`` and ``key`` are those of the entry before the first one.
    """

    def __init__(self, place: int, key: str) -> None:
        self._begun = place, key
        self._texts: deque[bytes] = deque()
        self._bytes = 0
        self._last = place
        """The number of the last one."""

    def add(self, entries: Iterable[Entry]) -> None:
        """Add what was read next, or again."""
        for entry in entries:
            while self._texts and self._last >= entry.number:
                self._bytes -= len(self._texts.pop())
                self._last -= 1
            self._texts.append(entry.text)
            self._bytes += len(entry.text)
            self._last = entry.number
            while len(self._texts) > _MOST or self._bytes > _MOST_BYTES:
                self._bytes -= len(self._texts.popleft())

    def key_of(self, number: int) -> str | None:
        """Return the key of the entry of this number; None if it is not known any more."""
        if number == self._begun[0]:
            return self._begun[1]
        at = number - self._first
        return entry_key(self._texts[at]) if 0 <= at < len(self._texts) else None

    def between(self, number: int, place: int) -> list[Ordered]:
        """Return all that follow this number, up to this place; none if they or its own entry are not known."""
        if self.key_of(number) is None or number + 1 < self._first:
            return []
        texts = itertools.islice(self._texts, number + 1 - self._first, max(0, place + 1 - self._first))
        return [entry for at, text in enumerate(texts, number + 1) if (entry := read_entry(at, text))]

    @property
    def _first(self) -> int:
        return self._last + 1 - len(self._texts)
