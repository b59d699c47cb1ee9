"""When to come back after a loss: soon, then later and later, and not all at once."""

from random import Random

_FIRST_SECONDS = 1.0
_LONGEST_SECONDS = 30.0
_BUSY_SECONDS = 5.0
_DOUBLINGS = 10


class Backoff:
    """Counts attempts. With jitter, for all clients of a host lose it at the same moment."""

    def __init__(self, random: Random) -> None:
        self.attempt = 0
        self._random = random

    def next(self, busy: bool = False) -> float:
        """Seconds to wait before the next attempt; ``busy``: the server has asked to be left alone for a while."""
        longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2.0 ** min(self.attempt, _DOUBLINGS))
        self.attempt += 1
        delay = longest * self._random.uniform(0.5, 1.0)
        return delay + _BUSY_SECONDS * self._random.uniform(1.0, 2.0) if busy else delay

    def reset(self) -> None:
        """Begin again with the shortest wait."""
        self.attempt = 0
