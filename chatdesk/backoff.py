"""Delays between attempts to connect again: short at first, then longer, with jitter."""

from random import Random

_MAX_DOUBLINGS = 10
"""2 ** 10 is far above the longest delay; the exponent only needs a limit."""


class Backoff:
    """Counts attempts and computes delays, whose bound doubles from the shortest to the longest, in seconds.

    All who are connected to one program lose it at the same moment, so that each delay is random between half and the
    whole of its bound.
    """

    def __init__(self, random: Random, shortest: float, longest: float) -> None:
        self.attempt = 0
        self._random = random
        self._shortest, self._longest = shortest, longest

    def next(self, places: int = 1) -> float:
        """Return the delay before the next attempt in seconds.

        Of several ``places`` that are tried in turn, each is tried after the same delay.
        """
        bound = min(self._longest, self._shortest * 2.0 ** min(self.attempt // places, _MAX_DOUBLINGS))
        self.attempt += 1
        return bound * self._random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Start again with the shortest delay."""
        self.attempt = 0
