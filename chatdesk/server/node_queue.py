"""Those who wait for approval at all nodes, in one queue: those who decide see them wherever they wait."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Protocol

import msgspec
from msgspec import Struct

from chatdesk.log.node_channel import NodeChannel
from chatdesk.protocol.fields import ClientKind
from chatdesk.protocol.names import nickname_key
from chatdesk.server.decisions import Verdict
from chatdesk.server.fresh_bans import FreshBan

logger = logging.getLogger(__name__)


class Waiting(Struct, array_like=True, frozen=True):
    """Somebody who waits at a node since then, in seconds since 1970; ``lost``: their connection is."""

    identity: str
    author: str
    nickname: str
    network: str
    client: ClientKind
    since: float
    lost: bool

    def is_called(self, who: str) -> bool:
        """Whether this is their nickname, or ``@`` and their public id."""
        return who == f"@{self.author}" or nickname_key(self.nickname) == nickname_key(who)

    def verdict(self, refusal: str = "") -> Verdict:
        """What is decided about them now."""
        return Verdict(self.identity, self.author, nickname_key(self.nickname), self.network, refusal=refusal)


class QueueNews(Struct, array_like=True):
    """Who waits at a node, what was decided lately, and from where newcomers wait though nobody else does."""

    waiting: list[Waiting]
    verdicts: list[Verdict]
    fresh_bans: list[FreshBan] = []


def everywhere(here: Iterable[Waiting], elsewhere: Iterable[Iterable[Waiting]]) -> list[Waiting]:
    """Return all who wait, each once, in the order in which they came; who is connected somewhere is not lost."""
    found: dict[str, Waiting] = {}
    for one in (*here, *(other for others in elsewhere for other in others)):
        known = found.get(one.identity)
        if known is None or (known.lost and not one.lost):
            found[one.identity] = one
    return sorted(found.values(), key=lambda one: one.since)


class SharedQueue(Protocol):
    """The queue of a node, as far as others hear of it."""

    def news(self) -> QueueNews:
        """Return how it is now."""

    def hear(self, node: str, news: QueueNews) -> None:
        """It is so at another node."""

    def lost(self, node: str) -> None:
        """Nobody waits at another node any more."""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(QueueNews).decode


class NodeQueue:
    """Tells other nodes of the queue of this one; see ``NodeListener``. It is told whole, with each change."""

    def __init__(self, queue: SharedQueue, channel: NodeChannel) -> None:
        self._queue = queue
        self._channel = channel
        self._told = b""
        channel.attach(self)

    def changed(self) -> None:
        """Others may have to hear of it."""
        self._channel.wake()

    def whole(self) -> bytes:
        """See ``NodeListener``."""
        return _encode(self._queue.news())

    def take_news(self) -> bytes:
        """See ``NodeListener``."""
        before, self._told = self._told, self.whole()
        return self._told if self._told != before else b""

    def heard(self, node: str, told: bytes) -> None:
        """See ``NodeListener``."""
        try:
            self._queue.hear(node, _decode(told))
        except msgspec.MsgspecError:
            logger.warning("A node of another version tells of its queue in a way that is not understood here.")

    def lost(self, node: str) -> None:
        """See ``NodeListener``."""
        self._queue.lost(node)
