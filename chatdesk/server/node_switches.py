"""What the host sets while the chat is open, such as approval, and nobody keeps: the same at all nodes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import time
from typing import Any

import msgspec

from chatdesk.log.node_channel import NodeChannel

logger = logging.getLogger(__name__)

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[str, tuple[Any, int]]).decode


class NodeSwitches:
    """The switches of a node; see ``NodeListener``. Of two nodes that turn one at once, the later clock has it."""

    def __init__(self, channel: NodeChannel) -> None:
        self._channel = channel
        self._turned: dict[str, tuple[Any, int]] = {}
        """Those that were turned since the chat began, and when, in ms since 1970."""
        self._adopt: dict[str, Callable[[Any], None]] = {}
        self._told = b""
        channel.attach(self)

    def add[Position: bool | str](
        self, name: str, adopt: Callable[[Position], None], positions: object = bool
    ) -> Callable[[Position], None]:
        """Share a switch: ``adopt`` is called when another node has turned it, what is returned when this one has.

        ``positions`` is the type of those that it has.
        """
        self._adopt[name] = lambda position: adopt(msgspec.convert(position, positions))

        def turned(position: Position) -> None:
            known_at = self._turned.get(name, (position, 0))[1]
            self._turned[name] = position, max(int(time() * 1000), known_at + 1)
            self._channel.wake()

        return turned

    def whole(self) -> bytes:
        """See ``NodeListener``."""
        return _encode(self._turned)

    def take_news(self) -> bytes:
        """See ``NodeListener``."""
        before, self._told = self._told, self.whole()
        return self._told if self._told != before else b""

    def heard(self, node: str, told: bytes) -> None:
        """See ``NodeListener``."""
        try:
            for name, (position, at) in _decode(told).items():
                if name in self._adopt and at > self._turned.get(name, (position, 0))[1]:
                    self._adopt[name](position)
                    self._turned[name] = position, at
        except msgspec.MsgspecError:
            logger.warning("A node of another version tells of its switches in a way that is not understood here.")

    def lost(self, node: str) -> None:
        """See ``NodeListener``. What it has turned stays so."""
