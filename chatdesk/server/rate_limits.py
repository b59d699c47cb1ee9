"""How often one connection may do something: token buckets for messages, queries, typing and errors."""

from typing import NamedTuple


class Rate(NamedTuple):
    """Tokens per second, and how many can be saved up (``burst``). A ``per_second`` of 0 is no limit."""

    per_second: float
    burst: float


class TokenBucket:
    """What is left of a rate for one connection."""

    __slots__ = ("_at", "_rate", "_tokens")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._tokens = rate.burst
        self._at = 0.0

    def acquire(self, now: float, count: float = 1) -> bool:
        """Take ``count`` tokens. Returns False, and takes none, if there are fewer. ``now`` is the loop's time."""
        per_second, burst = self._rate
        if not per_second:
            return True
        tokens = min(burst, self._tokens + (now - self._at) * per_second)
        self._at = now
        enough = tokens >= count
        self._tokens = tokens - count if enough else tokens
        return enough


_QUERIES = Rate(per_second=5, burst=20)
"""Five pages of 200 messages a second are more than anybody scrolls through; a few at once come when a client opens."""
_ERRORS = Rate(per_second=1, burst=30)
"""A person who types JSON by hand stays below this; a client that makes more is broken or hostile."""
_TYPING = Rate(per_second=2, burst=6)
"""Clients send one every three seconds while a person types, and one when they stop."""


class RateLimits:
    """The token buckets of one connection. ``message_rate`` is in messages per second; the burst is twice that."""

    __slots__ = ("errors", "messages", "queries", "typing")

    def __init__(self, message_rate: float) -> None:
        self.messages = TokenBucket(Rate(message_rate, max(1.0, message_rate * 2)))
        self.queries = TokenBucket(_QUERIES)
        self.typing = TokenBucket(_TYPING)
        self.errors = TokenBucket(_ERRORS)
