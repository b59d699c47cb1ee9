"""What nodes tell each other beside the order, by way of its maker, which keeps nothing of it; and which are there.

A node speaks at least every two seconds, and looks who is silent when it hears itself: all that others have said before
is heard by then, and the link works. So a node that was suspended, or cut off, declares nobody gone.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from collections.abc import Callable
from typing import NamedTuple

from chatdesk.cluster.history_talk import Told, decode, encode
from chatdesk.cluster.order_link import OrderLink
from chatdesk.log.node_channel import NodeListener

LEASE_SECONDS = 15.0
"""For so long after its last word a node counts as there, and with it its people: as long as somebody whose connection
is lost. Those who come back at another node meanwhile have not been away."""
_RELINKED_SECONDS = 5.0
"""For so long after a link of one's own has begun others may be silent: they look for the maker once a second."""
_BEAT_SECONDS = 2.0

_BEAT, _ASK, _WHOLE, _NEWS = b"b", b"a", b"w", b"n"
"""The first byte: a sign of life; the sender's whole state, and a request for the same; the whole state; changes."""
WANTS_HISTORY, GIVES_HISTORY = b"c", b"g"
"""By a node that is not open yet, and the answer to it: see ``HistoryGiver``."""
_NODE_CHARS = 16

Give = Callable[[str, Told], Told]
"""Returns what a node is answered that wants the history."""


class Message(NamedTuple):
    """What a node tells: its kind, the node, and the rest."""

    kind: bytes
    node: str
    told: bytes

    def encode(self) -> bytes:
        """Return it as it is sent."""
        return self.kind + self.node.encode() + self.told


def read_message(message: bytes) -> Message:
    """Return what was sent."""
    told = 1 + _NODE_CHARS
    return Message(message[:1], message[1:told].decode(errors="replace"), message[told:])


def new_node() -> str:
    """Return the name of a node, another one after every start: what was told before does not hold any more."""
    return secrets.token_hex(_NODE_CHARS // 2)


class LinkedChannel:
    """The channel of a node; see ``NodeChannel``. It is open while ``run`` does.

    ``give`` answers those that want the history.
    """

    def __init__(self, give: Give) -> None:
        self.node = new_node()
        self._give = give
        self._loop = asyncio.get_running_loop()
        self._attached: asyncio.Future[NodeListener] = self._loop.create_future()
        self._heard: dict[str, float] = {}
        """When each of the others was heard of last, by the loop's time."""
        self._to_answer: set[str] = set()
        self._to_ask: set[str] = set()
        self._due = asyncio.Event()
        self._told_at = -math.inf
        """When all others were told something last, by the loop's time."""

    def attach(self, listener: NodeListener) -> None:
        """See ``NodeChannel``."""
        self._attached.set_result(listener)

    def wake(self) -> None:
        """See ``NodeChannel``."""
        self._due.set()

    async def run(self, link: OrderLink) -> None:
        """Tell and hear until the link ends. Raises the errors of the link."""
        listener = await asyncio.shield(self._attached)
        await link.listen(self.node)
        begun_at = self._loop.time()
        listener.take_news()  # which all hear of now
        await self._tell(link, _ASK, listener.whole())
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell_news(link, listener))
            while True:
                message = read_message(await link.hear())
                if message.kind == WANTS_HISTORY:
                    group.create_task(self._give_history(link, message))
                elif message.kind != GIVES_HISTORY:
                    self._hear(message, listener, begun_at)

    async def _give_history(self, link: OrderLink, wanted: Message) -> None:
        answer = self._give(wanted.node, decode(wanted.told))
        await self._tell(link, GIVES_HISTORY, encode(answer), wanted.node)

    async def _tell_news(self, link: OrderLink, listener: NodeListener) -> None:
        while True:
            if news := listener.take_news():
                await self._tell(link, _NEWS, news)
            for nodes, kind in ((self._to_answer, _WHOLE), (self._to_ask, _ASK)):
                while nodes:
                    await self._tell(link, kind, listener.whole(), nodes.pop())
            try:
                async with asyncio.timeout_at(self._told_at + _BEAT_SECONDS):
                    await self._due.wait()
            except TimeoutError:  # also if it was woken in between, and had nothing to tell
                await self._tell(link, _BEAT, b"")
            self._due.clear()

    async def _tell(self, link: OrderLink, kind: bytes, told: bytes, node: str = "") -> None:
        if not node:
            self._told_at = self._loop.time()
        await link.tell(Message(kind, self.node, told).encode(), node)

    def _hear(self, message: Message, listener: NodeListener, begun_at: float) -> None:
        kind, node, told = message
        if node == self.node:
            self._forget_silent(listener, begun_at)
            return
        known = node in self._heard
        self._heard[node] = self._loop.time()
        if kind == _ASK:
            self._to_answer.add(node)
        elif kind != _WHOLE and not known:
            self._to_ask.add(node)
        if told and (known or kind != _NEWS):
            listener.heard(node, told)
        if self._to_answer or self._to_ask:
            self._due.set()

    def _forget_silent(self, listener: NodeListener, begun_at: float) -> None:
        """Others were not heard of for too long: their people have left."""
        now = self._loop.time()
        for node, heard in list(self._heard.items()):
            if max(heard + LEASE_SECONDS, begun_at + _RELINKED_SECONDS) < now:
                del self._heard[node]
                listener.lost(node)
