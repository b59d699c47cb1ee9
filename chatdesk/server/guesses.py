"""How long whoever has given wrong passwords has to wait: longer with each, by address and name, and by address."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

TRIES = 5
"""Wrong passwords that somebody has free: who types five has forgotten it."""
TRIES_OF_A_NETWORK = 150
"""Those of all names from one network: a class of sixty behind one router, all of whom mistype it twice."""
FIRST_WAIT = 60.0
"""Seconds to wait after the last free one; with each further one it is twice as long."""
LONGEST_WAIT = 3600.0
FORGET_SECONDS = 2 * LONGEST_WAIT
"""After so long without a wrong one nothing of them is left."""
_CAPACITY = 20_000
"""Names and networks that are known, a few megabytes. Beyond it, the first to go are those that guessed longest ago."""


class Outcome(NamedTuple):
    """What a wrong password costs: how many are free still, or for how many seconds to wait."""

    left: int
    wait: float


class _Tries:
    __slots__ = ("before", "count", "last", "until")

    def __init__(self) -> None:
        self.before = 0.0
        """What ``until`` was before the last guess."""
        self.count = 0
        self.last = 0.0
        self.until = 0.0


class Guesses:
    """Counts guesses. ``clock`` is monotonic, in seconds.

    Each is counted before it is known whether it is right, so that many at once are counted, too.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: OrderedDict[tuple[str, str], _Tries] = OrderedDict()
        self.wrong = 0
        """How many wrong passwords there were."""

    def wait(self, network: str, name: str) -> float:
        """For how many seconds somebody of this network and name may not try; 0 if they may."""
        now = self._clock()
        kept = filter(None, map(self._tries.get, ((network, name), (network, ""))))
        return max(0.0, *(tries.until - now for tries in kept), 0.0)

    def begin(self, network: str, name: str) -> Outcome:
        """Count a guess as a wrong one; ``forgive`` it if it is right."""
        self.wrong += 1
        own = self._count((network, name), TRIES)
        all_of_network = self._count((network, ""), TRIES_OF_A_NETWORK)
        return Outcome(min(own.left, all_of_network.left), max(own.wait, all_of_network.wait))

    def forgive(self, network: str, name: str) -> None:
        """The guess was right: nothing is left of the ones of this name; of others of the network, all is."""
        self.wrong -= 1
        self._tries.pop((network, name), None)
        if tries := self._tries.get((network, "")):
            tries.count -= 1
            tries.until = tries.before

    def _count(self, key: tuple[str, str], free: int) -> Outcome:
        now = self._clock()
        tries = self._tries.get(key)
        if tries is None or now - tries.last > FORGET_SECONDS:
            tries = self._tries[key] = _Tries()
        self._tries.move_to_end(key)
        if len(self._tries) > _CAPACITY:
            self._tries.popitem(last=False)
        tries.count += 1
        tries.last = now
        tries.before = tries.until
        if tries.count < free:
            return Outcome(free - tries.count, 0.0)
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(tries.count - free, 10))
        tries.until = now + wait
        return Outcome(0, wait)
