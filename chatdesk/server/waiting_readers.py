"""The queue of those that have used more than their share of the loop."""

from __future__ import annotations

import heapq
import itertools
from typing import Protocol


class Reader(Protocol):
    """What the queue needs of a ``ScheduledReader``, which says what each means."""

    network: str
    closed: bool
    usual_seconds: float

    @property
    def scheduled(self) -> bool: ...

    @property
    def due_at(self) -> float: ...

    def reserve(self) -> float: ...

    def wait_for_turn(self) -> None: ...

    def take_turn(self) -> None: ...


class WaitingReaders:
    """One of each network has its turn after the other, and of a network the one whose debt is paid off first.

    So a newcomer waits for one of every other network at most, however many of these there are, and however long.
    """

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}
        """By network, the one whose turn is next first."""
        self._numbers = itertools.count()

    def __bool__(self) -> bool:
        return bool(self._lines)

    def add(self, reader: Reader) -> None:
        """Let it wait."""
        line = self._lines.setdefault(reader.network, _Line())
        heapq.heappush(line.entries, (reader.due_at, next(self._numbers), reader))

    def take(self) -> Reader | None:
        """The next one, which waits no longer; None if nobody waits."""
        while self._lines:
            network = next(iter(self._lines))
            line = self._lines.pop(network)
            _, _, reader = heapq.heappop(line.entries)
            if line.entries:
                self._lines[network] = line  # behind all others
            if not reader.closed:
                return reader
            line.closed = max(0, line.closed - 1)
        return None

    def closed(self, reader: Reader) -> None:
        """One that waits is closed. A line drops these when they are half of it."""
        line = self._lines.get(reader.network)
        if line is None:
            return
        line.closed += 1
        if line.closed > len(line.entries) // 2:
            line.entries = [entry for entry in line.entries if not entry[2].closed]
            heapq.heapify(line.entries)
            line.closed = 0
            if not line.entries:
                del self._lines[reader.network]

    def clear(self) -> None:
        """Let nobody wait any more."""
        self._lines.clear()


class _Line:
    """The readers of one network that wait, and how many of them are closed."""

    __slots__ = ("closed", "entries")

    def __init__(self) -> None:
        self.entries: list[tuple[float, int, Reader]] = []
        self.closed = 0
