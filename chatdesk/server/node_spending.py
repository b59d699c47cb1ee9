"""What networks have spent of the chat, and guesses at passwords: each server tells the others of its own.

So nobody has more newcomers, rooms, invitations or guesses by going to two of them. What protects a server itself, such
as its connections and requests a second, each counts alone.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping
from functools import partial
from itertools import islice
from time import monotonic
from typing import NamedTuple

import msgspec

from chatdesk.log.node_channel import NodeChannel
from chatdesk.server.entry import Entry
from chatdesk.server.guesses import FORGET_SECONDS, Guesser
from chatdesk.server.rate_limits import Budget, Spending

logger = logging.getLogger(__name__)

_MOST_KEPT = 2_000
"""Events, some 200 KB: what comes before them is not told to a server that could not be reached for so long."""
_MOST_NODES = 1_000
"""Servers that were heard of: one that is started again is another one, and those heard of last are there still."""
_SHARED = (Spending.NEWCOMERS, Spending.ROOMS, Spending.PRIVATE_ROOMS, Spending.INVITATIONS)
_WRONG, _RIGHT = "wrong password", "right password"
"""In place of the name of a spending; the key is the network of the guesser, then a newline and the name."""


class _Event(NamedTuple):
    """Something was spent. ``number`` counts what the server has told of, and ``ago`` is in seconds."""

    number: int
    name: str
    key: str
    amount: float
    ago: float


class _Told(NamedTuple):
    """The ``events`` of a server that have come after the one numbered ``after``; and the number of the newest."""

    after: int
    newest: int
    events: list[_Event]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Told).decode


class NodeSpending:
    """Tells it; see ``NodeListener``. What a server could not hear it is told later, once each."""

    def __init__(self, budgets: Mapping[Spending, Budget], entry: Entry, channel: NodeChannel) -> None:
        self._channel = channel
        self._budgets = {spending.name: budgets[spending] for spending in _SHARED}
        self._guesses = entry.guesses
        self._kept: deque[_Event] = deque(maxlen=_MOST_KEPT)
        """What has happened here; in place of ``ago`` stands the time, by ``monotonic``."""
        self._newest = 0
        self._told = 0
        self._heard: dict[str, int] = {}
        """The newest event of each server that was heard of. That of one which is lost is kept, as it may come back."""
        for name, budget in self._budgets.items():
            budget.on_spent = partial(self._count, name)
        entry.on_guess = self._guessed
        channel.attach(self)

    def whole(self) -> bytes:
        """See ``NodeListener``."""
        while self._kept and monotonic() - self._kept[0].ago > FORGET_SECONDS:  # nothing of it counts any more
            self._kept.popleft()
        return self._after(0)

    def take_news(self) -> bytes:
        """See ``NodeListener``."""
        told, self._told = self._told, self._newest
        return self._after(told) if told < self._newest else b""

    def heard(self, node: str, told: bytes) -> None:
        """See ``NodeListener``. News that follow something which was not heard are left: all is told again then."""
        try:
            after, newest, events = _decode(told)
        except msgspec.MsgspecError:
            logger.warning("A node of another version tells what networks have spent in a way not understood here.")
            return
        known = self._heard.get(node, 0)
        if after > known:
            return
        self._heard.pop(node, None)
        self._heard[node] = max(known, newest)
        if len(self._heard) > _MOST_NODES:
            del self._heard[next(iter(self._heard))]
        for event in events:
            if event.number > known:
                self._count_elsewhere(event)

    def lost(self, node: str) -> None:
        """See ``NodeListener``. What was spent there stays so."""

    def _after(self, number: int) -> bytes:
        now, known = monotonic(), max(0, len(self._kept) - (self._newest - number))
        events = [event._replace(ago=now - event.ago) for event in islice(self._kept, known, None)]
        return _encode(_Told(number, self._newest, events))

    def _count(self, name: str, key: str, count: float) -> None:
        self._newest += 1
        self._kept.append(_Event(self._newest, name, key, count, monotonic()))
        self._channel.wake()

    def _guessed(self, guesser: Guesser, is_right: bool) -> None:
        self._count(_RIGHT if is_right else _WRONG, "\n".join(guesser), 1)

    def _count_elsewhere(self, event: _Event) -> None:
        if event.name in self._budgets:
            self._budgets[event.name].spent_elsewhere(event.key, event.amount, event.ago)
        elif event.name in (_WRONG, _RIGHT):
            network, _, name = event.key.partition("\n")
            self._guesses.guessed_elsewhere(Guesser(network, name), event.ago, is_right=event.name == _RIGHT)
