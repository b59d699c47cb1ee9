"""This server as one of the nodes of its chat: what it tells the others, where it is reached, whom it sends on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Protocol

from chatdesk.config import ServerConfig
from chatdesk.log.log_store import LogStore
from chatdesk.log.node_channel import NodeChannel
from chatdesk.server.arrivals import Certificates
from chatdesk.server.connection import Connection
from chatdesk.server.http.origin_check import OriginCheck
from chatdesk.server.hub import Hub
from chatdesk.server.listening import Listening
from chatdesk.server.node_places import NOWHERE, Place, find_place
from chatdesk.server.node_presence import NodePresence
from chatdesk.server.node_topics import NodeTopics
from chatdesk.server.sending_on import SendingOn


class NodeServer(Protocol):
    """What is needed of the server."""

    config: ServerConfig
    hub: Hub
    connections: set[Connection]
    certificates: Certificates | None
    origin_check: OriginCheck
    listening: Listening

    @property
    def store(self) -> LogStore: ...

    @property
    def closing(self) -> bool: ...


class OwnNode:
    """Speaks for the server on ``channel`` until ``close``. ``addresses`` returns this machine's."""

    def __init__(self, server: NodeServer, channel: NodeChannel, addresses: Callable[[], Iterable[str]]) -> None:
        self._server = server
        self._addresses = addresses
        self.topics = NodeTopics(channel)
        self._presence = NodePresence(server.hub, self.topics.topic("presence"), self._find_place)
        self._sending_on = SendingOn(server.store, self._presence, lambda: server.connections)
        server.origin_check.is_page_of_node = self._presence.places.is_page

    def moved(self) -> None:
        """The server is reached somewhere else, or takes people in again, or not any more."""
        self._presence.moved()

    def page_sources(self) -> Sequence[str]:
        """Where its page may open WebSockets besides: at the other nodes."""
        return self._presence.places.sources()

    def close(self) -> None:
        """Send nobody on any more; the hub closes the presence."""
        self._sending_on.close()

    def _find_place(self) -> Place:
        """Where other nodes may send people."""
        server, config = self._server, self._server.config
        if not server.listening.opened:
            return NOWHERE
        bound = [] if ip_address(config.bind).is_unspecified else [config.bind]
        reached = [*bound, *server.listening.listens_on(self._addresses())]
        scheme = "https" if server.certificates else "http"
        origins = server.origin_check.own_origins(scheme, server.listening.port, reached)
        open_ = not (server.closing or server.store.better_elsewhere)
        return find_place(config.public_url, reached, origins, open_=open_)
