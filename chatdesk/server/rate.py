"""How often something may happen."""

from typing import NamedTuple


class Rate(NamedTuple):
    """Times per second, with a burst on top; ``per_second`` 0 means any number."""

    per_second: float
    burst: float


class TokenBucket:
    """What one connection has left of a rate."""

    __slots__ = ("_at", "_rate", "_tokens")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._tokens = rate.burst
        self._at = 0.0

    def take(self, now: float, count: float = 1) -> bool:
        """Use one up, or ``count``; False when they are not there. ``now`` is the loop's time in seconds."""
        per_second, burst = self._rate
        if not per_second:
            return True
        tokens = min(burst, self._tokens + (now - self._at) * per_second)
        self._at = now
        enough = tokens >= count
        self._tokens = tokens - count if enough else tokens
        return enough
