"""How often somebody may do something: token buckets, and budgets that hold for an identity on all its connections."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from enum import Enum, auto
from math import ceil
from time import monotonic
from typing import NamedTuple

_CAPACITY = 20_000
"""Twice as many as the largest room that is measured, and a few megabytes. Only those of the last seconds are kept."""
_LONGEST_QUEUE_SECONDS = 10.0
"""Longest wait that others' refusals add: somebody who never heeds them does not send people away for minutes."""


class Rate(NamedTuple):
    """Tokens per second, and how many can be saved up (``burst``). A ``per_second`` of 0 is no limit."""

    per_second: float
    burst: float


class TokenBucket:
    """What is left of a rate. ``now`` is in seconds, always by the same monotonic clock."""

    __slots__ = ("_at", "_promised", "_rate", "_tokens")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._tokens = rate.burst
        self._at = 0.0
        self._promised = 0.0

    def acquire(self, now: float, count: float = 1) -> bool:
        """Take ``count`` tokens. Returns False, and takes none, if there are fewer."""
        if not self._rate.per_second:
            return True
        tokens = self._tokens_at(now)
        self._at = now
        enough = tokens >= count
        self._tokens = tokens - count if enough else tokens
        return enough

    def charge(self, now: float, count: float) -> None:
        """Take ``count`` tokens that were had elsewhere; if there are fewer, up to twice the burst is missing."""
        self._tokens = max(-self._rate.burst, self._tokens_at(now) - count)
        self._at = now

    def retry_after(self, now: float, count: float = 1) -> float:
        """Seconds until there are ``count`` tokens for somebody who was refused now, after all those refused before.

        Those who are refused together get different times, so that each finds a token. The last ones share a time: when
        the bucket is full, or after _LONGEST_QUEUE_SECONDS.
        """
        per_second, burst = self._rate
        next_token = now + max(0.0, count - self._tokens_at(now)) / per_second
        promised = max(next_token, self._promised + count / per_second)
        self._promised = min(promised, next_token + min(burst / per_second, _LONGEST_QUEUE_SECONDS))
        return self._promised - now

    def missing(self, now: float) -> float:
        """How many tokens are missing until it is full."""
        return self._rate.burst - self._tokens_at(now)

    def _tokens_at(self, now: float) -> float:
        per_second, burst = self._rate
        return min(burst, self._tokens + (now - self._at) * per_second)


class Budget:
    """The same rate for each of many keys, such as identities.

    Only keys that have spent something within the last seconds are kept, so it takes no memory for the others. A
    reconnect refills nothing.
    """

    def __init__(self, rate: Rate, capacity: int = _CAPACITY) -> None:
        self._rate = rate
        self._capacity = capacity
        self.on_spent: Callable[[str, float], object] = lambda _key, _count: None
        """Called with a key and how much it has spent here."""
        self.refusals = 0
        """How often somebody was told to wait."""
        self._spent: OrderedDict[str, TokenBucket] = OrderedDict()

    def __len__(self) -> int:
        """How many keys have spent something that is not refilled."""
        return len(self._spent)

    def spend(self, key: str, count: float = 1) -> float:
        """Take so many tokens of this key, or all if it is more than can be saved up.

        Returns 0, or in how many seconds to try again if there are fewer.
        """
        count = min(count, self._rate.burst)
        if not self._rate.per_second:
            return 0.0
        now = monotonic()
        bucket = self._bucket(key)
        enough = bucket.acquire(now, count)
        self._forget_refilled(now)
        if enough:
            self.on_spent(key, count)
            return 0.0
        self.refusals += 1
        return (1 + ceil(bucket.retry_after(now, count) * 1000)) / 1000  # timers go off up to a millisecond early

    def spent_elsewhere(self, key: str, count: float, ago: float) -> None:
        """On another server of the chat so many tokens of this key were taken, so many seconds ago."""
        left = count - ago * self._rate.per_second
        if self._rate.per_second and left > 0:
            now = monotonic()
            self._bucket(key).charge(now, left)
            self._forget_refilled(now)

    def _bucket(self, key: str) -> TokenBucket:
        bucket = self._spent.pop(key, None) or TokenBucket(self._rate)
        self._spent[key] = bucket
        return bucket

    def spent(self, key: str) -> float:
        """How many tokens of this key are not refilled yet."""
        bucket = self._spent.get(key)
        return bucket.missing(monotonic()) if bucket else 0.0

    def _forget_refilled(self, now: float) -> None:
        """Those spent longest ago are refilled first. In a flood of keys they go also before that."""
        while self._spent:
            bucket = next(iter(self._spent.values()))
            if len(self._spent) <= self._capacity and bucket.missing(now) > 0:
                return
            self._spent.popitem(last=False)


class Spending(Enum):
    """What a command spends, and what a network spends before there is one."""

    MESSAGES = auto()
    ACTS = auto()
    """Edits, deletions, reactions and pins: as many as messages, and they leave what somebody may say as it is."""
    QUERIES = auto()
    TYPING = auto()
    NEWCOMERS = auto()
    ROOMS = auto()
    """Making a room, by whatever command; counted for networks, since new identities cost nothing. Those of a network
    who have been here for a while have a budget of their own, which newcomers cannot use up (``room_makers``)."""
    PRIVATE_ROOMS = auto()
    INVITATIONS = auto()
    """Coming by an invitation, good or bad; counted for networks."""
    TEXT = auto()
    """Bytes of what an identity says or edits, since messages differ in length a thousandfold."""
    NETWORK_TEXT = auto()
    """The same for all identities of a network, once for each who hears it."""
    CONNECTIONS = auto()
    """Connections of a network."""
    HANDSHAKES = auto()
    """WebSockets that a network opens."""
    REQUESTS = auto()
    """HTTP requests of a network."""


_QUERIES = Rate(per_second=5, burst=20)
"""Five pages of 200 messages a second are more than anybody scrolls through; a few at once come when a client opens."""
_TYPING = Rate(per_second=2, burst=6)
"""Clients send one every three seconds while a person types, and one when they stop."""
_NEWCOMERS_SECONDS = 600
"""In this time as many newcomers may come from one network as the chat has places, all of them at once if need be: a
class, or a whole school at eight o'clock, has one address behind its router, and a proxy has one for everybody."""
_LEAST_NEWCOMERS = 200
"""In a chat with few places, whose people may come and go without a token: a terminal is a newcomer every time."""
_ROOMS_AN_HOUR = 300
"""Rooms made from one network, all of them at once if need be: five for each of a class. So a chat's rooms are not used
up in less than a day by somebody who joins under new names again and again."""
_PRIVATE_ROOMS_AN_HOUR = 2_000
"""The same for private rooms: a class of sixty, in which everybody writes to everybody."""
_TEXT = Rate(per_second=1024, burst=128 * 1024)
"""Four of the longest messages at once, and then a page of text every two seconds; typing makes ten bytes a second."""
LITTLE_TEXT = 4 * 1024
"""What an identity may have said lately without being counted for its network, in bytes: all but long messages."""
_NETWORK_TEXT = Rate(per_second=8 * 1024 * 1024, burst=64 * 1024 * 1024)
"""Counted for each who hears it, since that is what it costs: a class of sixty in which everybody pastes two pages at
once, or one program that says a kilobyte a second to a room of a thousand."""
ERRORS = Rate(per_second=1, burst=30)
"""A person who types JSON by hand stays below this; a client that makes more is broken or hostile."""
_FRAMES = Rate(per_second=200, burst=200)
"""Forty times the default message rate: typing, pings and fragments count, too."""
_FRAMES_WITHOUT_LIMITS = Rate(per_second=5000, burst=10000)
"""For hosts without a message rate; it still stops a flood of tiny frames."""


_NO_LIMIT = Rate(0, 0)


def make_budgets(message_rate: float, places: int) -> dict[Spending, Budget]:
    """The budgets of a chat: of identities, and for ``NEWCOMERS`` and rooms of networks.

    ``message_rate`` is in messages per second, its burst is twice that, and 0 is no limit of anything but queries.
    ``places`` are all connections that the chat takes.
    """
    newcomers = max(places, _LEAST_NEWCOMERS)
    per_second = newcomers / _NEWCOMERS_SECONDS if message_rate else 0
    return {
        Spending.MESSAGES: Budget(Rate(message_rate, max(1.0, message_rate * 2))),
        Spending.ACTS: Budget(Rate(message_rate, max(1.0, message_rate * 2))),
        Spending.QUERIES: Budget(_QUERIES),
        Spending.TYPING: Budget(_TYPING),
        Spending.NEWCOMERS: Budget(Rate(per_second, newcomers)),
        Spending.ROOMS: Budget(_an_hour(_ROOMS_AN_HOUR, message_rate)),
        Spending.PRIVATE_ROOMS: Budget(_an_hour(_PRIVATE_ROOMS_AN_HOUR, message_rate)),
        Spending.TEXT: Budget(_TEXT if message_rate else _NO_LIMIT),
        Spending.NETWORK_TEXT: Budget(_NETWORK_TEXT if message_rate else _NO_LIMIT),
    }


def new_frame_limit(message_rate: float) -> TokenBucket:
    """The bucket for the frames of a new WebSocket, in a chat with this rate of messages; see ``make_budgets``."""
    return TokenBucket(_FRAMES if message_rate else _FRAMES_WITHOUT_LIMITS)


def _an_hour(count: int, message_rate: float) -> Rate:
    return Rate(count / 3600 if message_rate else 0, count)
