"""How long a person who gives wrong passwords has to wait: longer with each; and which networks gave very many.

A guesser can choose another name each time, so all guesses of a network count together, too. But a
class may stand behind the same address: a network that has used up its free ones is not shut out, only slowed down, see
``guess_line``.
"""

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
PAUSE_SECONDS = 2.0
"""Between two guesses of a network that has used up its free ones: 43,000 a day, and two plain words have millions."""
FORGET_SECONDS = 2 * LONGEST_WAIT
"""After so long without a wrong one nothing of them is left."""
_CAPACITY = 20_000
"""Names and networks that are known, a few megabytes. Beyond it, the first to go are those that guessed longest ago."""


class Guesser(NamedTuple):
    """Who gives a password: ``name`` tells them from others of the same ``network``."""

    network: str
    name: str


class Outcome(NamedTuple):
    """What a wrong password costs: how many are free still, or for how many seconds to wait."""

    left: int
    wait: float


class _Tries:
    __slots__ = ("before", "count", "last", "until")

    def __init__(self) -> None:
        self.before = 0.0
        """What ``last`` was before the last guess."""
        self.count = 0
        self.last = 0.0
        self.until = 0.0


class Guesses:
    """Counts guesses. ``clock`` is monotonic, in seconds.

    Each is counted before it is known whether it is right, so that many at once are counted, too.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: OrderedDict[Guesser, _Tries] = OrderedDict()

    def wait(self, guesser: Guesser) -> float:
        """For how many seconds they may not try; 0 if they may."""
        tries = self._tries.get(guesser)
        return max(0.0, tries.until - self._clock()) if tries else 0.0

    def count(self, guesser: Guesser) -> int:
        """How many wrong ones they have given."""
        tries = self._tries.get(guesser)
        return tries.count if tries and self._clock() - tries.last <= FORGET_SECONDS else 0

    def is_slow(self, network: str) -> bool:
        """Whether so many wrong ones came from the network that one after the other is looked at."""
        return self.count(_all_of(network)) >= TRIES_OF_A_NETWORK

    def pause(self, network: str) -> float:
        """For how many seconds no guess of a network that is slow is looked at; 0 if one may be now."""
        tries = self._tries.get(_all_of(network))
        return max(0.0, tries.last + PAUSE_SECONDS - self._clock()) if tries else 0.0

    def begin(self, guesser: Guesser) -> Outcome:
        """Count a guess as a wrong one; ``forgive`` it if it is right."""
        return self._begin(guesser, self._clock())

    def guessed_elsewhere(self, guesser: Guesser, ago: float, *, is_right: bool) -> None:
        """On another server of the chat somebody has given a password, so many seconds ago."""
        if is_right:
            self._tries.pop(guesser, None)
        elif ago <= FORGET_SECONDS:
            self._begin(guesser, self._clock() - ago)

    def forgive(self, guesser: Guesser) -> None:
        """The guess was right: nothing is left of the ones of this name; of others of the network, all is."""
        self._tries.pop(guesser, None)
        if tries := self._tries.get(_all_of(guesser.network)):
            tries.count -= 1
            tries.last = tries.before

    def _begin(self, guesser: Guesser, at: float) -> Outcome:
        self._add(_all_of(guesser.network), at)
        tries = self._add(guesser, at)
        if tries.count < TRIES:
            return Outcome(TRIES - tries.count, 0.0)
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(tries.count - TRIES, 10))
        tries.until = tries.last + wait
        return Outcome(0, wait)

    def _add(self, key: Guesser, at: float) -> _Tries:
        tries = self._tries.get(key)
        if tries is None or at - tries.last > FORGET_SECONDS:
            tries = self._tries[key] = _Tries()
        self._tries.move_to_end(key)
        if len(self._tries) > _CAPACITY:
            self._tries.popitem(last=False)
        tries.count += 1
        tries.before, tries.last = tries.last or at, max(tries.last, at)
        return tries


def _all_of(network: str) -> Guesser:
    """The key under which those of a whole network are counted; nobody has an empty name."""
    return Guesser(network, "")
