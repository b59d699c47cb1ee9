"""Several topics over the one channel between nodes: who is here, who waits to come in, whose hand is raised."""

from __future__ import annotations

import logging

import msgspec

from chatdesk.log.node_channel import NodeChannel, NodeListener

logger = logging.getLogger(__name__)

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[str, bytes]).decode


class NodeTopics:
    """Speaks for a node on the channel, with what each of its topics has to say; see ``NodeListener``."""

    def __init__(self, channel: NodeChannel) -> None:
        self._listeners: dict[str, NodeListener] = {}
        self._channel = channel
        channel.attach(self)

    def topic(self, name: str) -> NodeChannel:
        """Return the channel of a topic; a topic that another node does not know is not heard there."""
        return _Topic(name, self._listeners, self._channel)

    def whole(self) -> bytes:
        """See ``NodeListener``."""
        return _encode({name: listener.whole() for name, listener in self._listeners.items()})

    def take_news(self) -> bytes:
        """See ``NodeListener``."""
        news = {name: told for name, listener in self._listeners.items() if (told := listener.take_news())}
        return _encode(news) if news else b""

    def heard(self, node: str, told: bytes) -> None:
        """See ``NodeListener``."""
        try:
            topics = _decode(told)
        except msgspec.MsgspecError:
            logger.warning("Another program speaks to the nodes of the chat, or one of another version: not heard.")
            return
        for name, part in topics.items():
            if listener := self._listeners.get(name):
                listener.heard(node, part)

    def lost(self, node: str) -> None:
        """See ``NodeListener``."""
        for listener in self._listeners.values():
            listener.lost(node)


class _Topic:
    def __init__(self, name: str, listeners: dict[str, NodeListener], channel: NodeChannel) -> None:
        self._name = name
        self._listeners = listeners
        self._channel = channel

    def attach(self, listener: NodeListener) -> None:
        """See ``NodeChannel``."""
        self._listeners[self._name] = listener

    def wake(self) -> None:
        """See ``NodeChannel``."""
        self._channel.wake()
