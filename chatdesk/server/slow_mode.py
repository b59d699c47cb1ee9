"""Slow mode: how long each person waits between two messages in a room."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from chatdesk.log.bots import owner_of
from chatdesk.protocol.limits import SLOW_SECONDS

_MOST = 50_000
"""Posts that are remembered, at most: some ten megabytes. Of more, the oldest are forgotten."""


class Post(NamedTuple):
    """That an identity has said something in a room (``key``), when, and when it had ``before``."""

    key: tuple[str, str]
    now: float
    before: float | None


class SlowMode:
    """Remembers when each identity has last said something in each room, by a monotonic ``clock`` in seconds.

    It is remembered whether or not the room is slow, so that a new pace counts from the last post; and by identity, so
    that nothing changes with a reconnect; a bot's is its owner's. A restart of the host forgets it, with its clock.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._posts: dict[tuple[str, str], float] = {}
        """In the order of time, nearly."""

    def __len__(self) -> int:
        return len(self._posts)

    def wait(self, identity: str, room: str, seconds: float) -> float:
        """In how many seconds this identity may say something in a room of this pace; 0 at exactly last + n."""
        last = self._posts.get((owner_of(identity), room))
        return 0.0 if last is None else max(0.0, last + seconds - self._clock())

    def posted(self, identity: str, room: str) -> Post:
        """The identity says something now; ``take_back`` it, should it not be stored."""
        key, now = (owner_of(identity), room), self._clock()
        before = self._posts.pop(key, None)
        self._posts[key] = now
        self._forget_old(now)
        return Post(key, now, before)

    def posted_elsewhere(self, identity: str, room: str, ago: float) -> None:
        """The identity has said something on another server of the chat, so many seconds ago."""
        key, then = (owner_of(identity), room), self._clock() - ago
        if ago < SLOW_SECONDS and then > self._posts.get(key, float("-inf")):
            self._posts.pop(key, None)
            self._posts[key] = then
            self._forget_old(self._clock())

    def take_back(self, post: Post) -> None:
        """The identity has not said this, unless it has said something else since."""
        key, now, before = post
        if self._posts.get(key) == now:
            del self._posts[key]
            if before is not None:
                self._posts[key] = before

    def _forget_old(self, now: float) -> None:
        while len(self._posts) > _MOST or next(iter(self._posts.values())) < now - SLOW_SECONDS:
            del self._posts[next(iter(self._posts))]
