"""What networks have spent of the chat, and wrong passwords: each server tells the others of its own.

So nobody has more newcomers, rooms, invitations or guesses by going to two of them. What protects a server itself, such
as its connections and requests a second, each counts alone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import msgspec

from chatdesk.log.node_channel import NodeChannel
from chatdesk.server.entry import Entry
from chatdesk.server.guesses import Guesser
from chatdesk.server.rate_limits import Budget, Spending

logger = logging.getLogger(__name__)

_MOST_UNTOLD = 1_000
"""Networks, and guesses: while no other server can be reached they are told to nobody, and must not fill the memory."""
_SHARED = (Spending.NEWCOMERS, Spending.ROOMS, Spending.PRIVATE_ROOMS, Spending.INVITATIONS)


class _Told(NamedTuple):
    """What was spent since the last time, by the name of the spending and the key; and who has guessed wrong."""

    spent: list[tuple[str, str, float]]
    guesses: list[Guesser]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Told).decode


class NodeSpending:
    """Tells it; see ``NodeListener``. A node that comes later, or was cut off meanwhile, does not hear of it."""

    def __init__(self, budgets: Mapping[Spending, Budget], entry: Entry, channel: NodeChannel) -> None:
        self._channel = channel
        self._budgets = {spending.name: budgets[spending] for spending in _SHARED}
        self._guesses = entry.guesses
        self._spent: dict[tuple[str, str], float] = {}
        self._wrong: list[Guesser] = []
        for name, budget in self._budgets.items():
            budget.on_spent = partial(self._count, name)
        entry.on_wrong = self._guessed
        channel.attach(self)

    def whole(self) -> bytes:
        """See ``NodeListener``."""
        return _encode(_Told([], []))

    def take_news(self) -> bytes:
        """See ``NodeListener``."""
        if not self._spent and not self._wrong:
            return b""
        told = _Told([(*key, count) for key, count in self._spent.items()], self._wrong)
        self._spent, self._wrong = {}, []
        return _encode(told)

    def heard(self, node: str, told: bytes) -> None:
        """See ``NodeListener``."""
        try:
            spent, guesses = _decode(told)
        except msgspec.MsgspecError:
            logger.warning("A node of another version tells what networks have spent in a way not understood here.")
            return
        for name, key, count in spent:
            if name in self._budgets:
                self._budgets[name].spent_elsewhere(key, count, 0.0)
        for guesser in guesses:
            self._guesses.begin(guesser)

    def lost(self, node: str) -> None:
        """See ``NodeListener``. What was spent there stays so."""

    def _count(self, name: str, key: str, count: float) -> None:
        if len(self._spent) < _MOST_UNTOLD:
            self._spent[name, key] = self._spent.get((name, key), 0.0) + count
        self._channel.wake()

    def _guessed(self, guesser: Guesser) -> None:
        if len(self._wrong) < _MOST_UNTOLD:
            self._wrong.append(guesser)
        self._channel.wake()
