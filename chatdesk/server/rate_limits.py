"""How often one connection may do something: token buckets for messages, queries, typing and errors."""

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

    def acquire(self, now: float, count: float = 1) -> bool:
        """Use one up, or ``count``; False when they are not there. ``now`` is the loop's time in seconds."""
        per_second, burst = self._rate
        if not per_second:
            return True
        tokens = min(burst, self._tokens + (now - self._at) * per_second)
        self._at = now
        enough = tokens >= count
        self._tokens = tokens - count if enough else tokens
        return enough


_QUERIES = Rate(per_second=5, burst=20)
_ERRORS = Rate(per_second=1, burst=30)
_TYPING = Rate(per_second=2, burst=6)


class RateLimits:
    """What one connection may still say, ask and get wrong."""

    __slots__ = ("errors", "messages", "queries", "typing")

    def __init__(self, message_rate: float) -> None:
        self.messages = TokenBucket(Rate(message_rate, max(1.0, message_rate * 2)))
        self.queries = TokenBucket(_QUERIES)
        self.typing = TokenBucket(_TYPING)
        self.errors = TokenBucket(_ERRORS)
