"""Delays between attempts to reconnect: short at first, then longer, with jitter."""

from random import Random

_FIRST_SECONDS = 1.0
"""A restart of the host takes about as long."""
_MAX_SECONDS = 30.0
"""A host that is back after a long time is found within half a minute."""
_BUSY_SECONDS = 5.0
"""Added when the server has asked to be left alone; it takes a few seconds to work off a full queue."""
_MAX_DOUBLINGS = 10
"""2 ** 10 is far above the longest delay; the exponent only needs a limit."""


class Backoff:
    """Counts attempts and computes delays.

    All clients of a host lose it at the same moment, so that each delay is random between half and the whole of its
    bound.
    """

    def __init__(self, random: Random) -> None:
        self.attempt = 0
        self._random = random

    def next(self, busy: bool = False, places: int = 1) -> float:
        """Return the delay before the next attempt in seconds; ``busy``: the server has asked to be left alone.

        Of several ``places`` that are tried in turn, each is tried after the same delay.
        """
        max_delay = min(_MAX_SECONDS, _FIRST_SECONDS * 2.0 ** min(self.attempt // places, _MAX_DOUBLINGS))
        self.attempt += 1
        delay = max_delay * self._random.uniform(0.5, 1.0)
        return delay + _BUSY_SECONDS * self._random.uniform(1.0, 2.0) if busy else delay

    def reset(self) -> None:
        """Start again with the shortest delay."""
        self.attempt = 0
