"""What is said in words of rooms and of the chat that somebody has changed: at other nodes, too.

The settings themselves are ordered. A sentence is told once, to the nodes that hear it: one that was cut off has none.
"""

from __future__ import annotations

import logging
from collections import deque

import msgspec

from chatdesk.log.node_channel import NodeChannel
from chatdesk.log.rooms import WHOLE_CHAT
from chatdesk.protocol import events, times
from chatdesk.protocol.events import SystemCode
from chatdesk.server.hub import Hub
from chatdesk.server.room_list import RoomList

logger = logging.getLogger(__name__)

_MOST_WAITING = 100
"""Sentences that wait for a link to the other nodes."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[str, str]]).decode


class NodeSentences:
    """Tells the other nodes what was said here, and people here what others have told; see ``NodeListener``."""

    def __init__(self, hub: Hub, rooms: RoomList, channel: NodeChannel) -> None:
        self._hub = hub
        self._rooms = rooms
        self._channel = channel
        self._waiting: deque[tuple[str, str]] = deque(maxlen=_MOST_WAITING)
        rooms.on_changed = self._changed
        channel.attach(self)

    def _changed(self, place: str, sentence: str) -> None:
        self._waiting.append((place, sentence))
        self._channel.wake()

    def whole(self) -> bytes:
        """See ``NodeListener``. Nothing of what was said before."""
        return _encode([])

    def take_news(self) -> bytes:
        """See ``NodeListener``."""
        news = list(self._waiting)
        self._waiting.clear()
        return _encode(news) if news else b""

    def heard(self, node: str, told: bytes) -> None:
        """See ``NodeListener``."""
        try:
            sentences = _decode(told)
        except msgspec.MsgspecError:
            logger.warning("A node of another version tells of changes in a way that is not understood here.")
            return
        for place, sentence in sentences:
            if room := self._hub.rooms.get(place):
                room.announce_change(sentence)
            elif place == WHOLE_CHAT:
                said = events.System(sentence, times.timestamp(), SystemCode.ROOM_CHANGED)
                for session in self._rooms.who_guard():
                    session.send(said)

    def lost(self, node: str) -> None:
        """See ``NodeListener``."""
