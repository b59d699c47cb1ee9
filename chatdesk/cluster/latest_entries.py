"""The latest entries of the order, in memory: what follows them soon, or is put back if their maker loses them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from chatdesk.cluster.order_link import Entry, entry_key, read_entry
from chatdesk.log.operations import Ordered

_MOST = 10_000
"""A second of a flood, in which no replica is further behind."""
_MOST_BYTES = 16 << 20
"""Of all of them: ten thousand long messages would take as much memory as a hundred thousand people."""


class LatestTexts:
    """The texts of the latest entries, without a gap.

    ``last`` is the number of the newest one; while there is none, that of the entry before.
    """

    def __init__(self, last: int) -> None:
        self.last = last
        self._texts: deque[bytes] = deque()
        self._bytes = 0

    @property
    def first(self) -> int:
        """The number of the oldest one; after the newest if there is none."""
        return self.last + 1 - len(self._texts)

    def add(self, number: int, text: bytes) -> None:
        """Add the next one, or one that is there again, which is followed by others now."""
        while self._texts and self.last >= number:
            self._bytes -= len(self._texts.pop())
            self.last -= 1
        self._texts.append(text)
        self._bytes += len(text)
        self.last = number
        while len(self._texts) > _MOST or self._bytes > _MOST_BYTES:
            self._bytes -= len(self._texts.popleft())

    def between(self, number: int, place: int) -> list[tuple[int, bytes]]:
        """Return those that follow this number, up to this place, with their numbers."""
        first = self.first
        return [(at, self._texts[at - first]) for at in range(max(first, number + 1), min(self.last, place) + 1)]


class LatestEntries:
    """The latest entries that were read, as text: as objects they take three times as much.

    ``place`` and ``key`` are those of the entry before the first one.
    """

    def __init__(self, place: int, key: str) -> None:
        self._begun = place, key
        self._texts = LatestTexts(place)

    def add(self, entries: Iterable[Entry]) -> None:
        """Add what was read next, or again."""
        for entry in entries:
            self._texts.add(entry.number, entry.text)

    def key_of(self, number: int) -> str | None:
        """Return the key of the entry of this number; None if it is not known any more."""
        if number == self._begun[0]:
            return self._begun[1]
        return next((entry_key(text) for _, text in self._texts.between(number - 1, number)), None)

    def between(self, number: int, place: int) -> list[Ordered]:
        """Return all that follow this number, up to this place; none if they or its own entry are not known."""
        if self.key_of(number) is None or number + 1 < self._texts.first:
            return []
        texts = self._texts.between(number, place)
        return [entry for at, text in texts if (entry := read_entry(at, text))]
