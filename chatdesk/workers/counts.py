"""What the workers of a chat count together, in memory that they share: connections, and which of them are at work.

Each worker writes its own part of it alone, and reads all others, so there is no lock, and what one has counted the
others know at once. Only two who open the last place within the same microseconds both get one.
"""

from __future__ import annotations

import asyncio
import mmap
import time
from collections.abc import Mapping

ORDER = 0
"""The number of the process that orders."""
_BYTES = 4
_NETWORKS = 1 << 16
"""Numbers for networks. Two may share one by chance, which matters only where one of them has hundreds of connections:
one network in a thousand is then counted with such a one. Nobody can choose that, since the hash has a secret."""
_TOTAL, _BEAT, _FIRST = 0, 1, 2
"""What the first numbers of a worker are: all its connections, and when it has shown last that it is at work."""
_SIZE = _FIRST + _NETWORKS
_BEAT_SECONDS = 1.0
_SILENT_SECONDS = 5.0
"""A worker that shows nothing for so long hangs: a turn of its loop takes milliseconds, on a busy machine a second."""


class Counts:
    """The counts of so many workers; made before they are forked, which share it then, and the secret of their hash.

    Processes have numbers: workers from 1 on, and the one that orders is ORDER.
    """

    def __init__(self, workers: int) -> None:
        table = memoryview(mmap.mmap(-1, (workers + 1) * _SIZE * _BYTES)).cast("I")
        self._parts = {number: table[number * _SIZE : (number + 1) * _SIZE] for number in range(workers + 1)}

    def of(self, process: int) -> WorkerCounts:
        """Return those of a worker; the process that orders shows only that it is at work."""
        return WorkerCounts(self._parts, process)

    def last_beat(self, process: int) -> int:
        """Return the second in which this process has shown last that it is at work; 0 if it has not yet."""
        return self._parts[process][_BEAT]

    def ended(self, process: int) -> None:
        """This process has ended, and has no connections any more."""
        part = self._parts[process]
        part[:] = memoryview(bytes(part.nbytes)).cast("I")


class WorkerCounts:
    """What a worker counts, and what the others have counted; see ``OtherPlaces``."""

    def __init__(self, parts: Mapping[int, memoryview[int]], own: int) -> None:
        self._own = parts[own]
        self._others = {number: part for number, part in parts.items() if number not in (own, ORDER)}

    def total(self) -> int:
        """Return how many connections the others have."""
        return sum(part[_TOTAL] for part in self._others.values())

    def of_network(self, network: str) -> int:
        """Return how many of these are of a network."""
        at = _place(network)
        return sum(part[at] for part in self._others.values())

    def opened(self, network: str) -> None:
        """This worker has a connection more."""
        self._own[_TOTAL] += 1
        self._own[_place(network)] += 1

    def closed(self, network: str) -> None:
        """This worker has a connection less."""
        self._own[_TOTAL] -= 1
        self._own[_place(network)] -= 1

    def beat(self) -> None:
        """Show that this process is at work."""
        self._own[_BEAT] = _now()

    async def keep_beating(self) -> None:
        """Show it once a second, until cancelled."""
        while True:
            self.beat()
            await asyncio.sleep(_BEAT_SECONDS)

    def missing(self) -> list[int]:
        """Return the others that do not run: each is being started again."""
        return [number for number, part in self._others.items() if not part[_BEAT]]

    def silent(self) -> list[int]:
        """Return the others that run, but hang."""
        before = _now() - int(_SILENT_SECONDS)
        return [number for number, part in self._others.items() if 0 < part[_BEAT] < before]


def _place(network: str) -> int:
    return _FIRST + hash(network) % _NETWORKS


def _now() -> int:
    """Seconds of the clock that all processes share, from 1 on."""
    return int(time.monotonic()) + 1
