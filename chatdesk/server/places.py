"""Who may connect while there is little room: the limits on connections, in all and of one network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, MutableSet
from http import HTTPStatus
from math import ceil
from typing import NamedTuple, Protocol

from chatdesk.config import ServerConfig
from chatdesk.server.rate_limits import Budget, Rate, Spending
from chatdesk.server.stats import Hits

MAX_HTTP_CONNECTIONS = 256
"""HTTP connections besides ``max_connections``: half of the file descriptors that ``app`` reserves besides these."""
_LEAST_OF_A_NETWORK = 200
"""Three windows or tabs for each of a class that has one address behind its router."""
_RESERVED = 4
"""Places beyond all others for commands on the host's machine, which keep order or delete a room within seconds."""
_PATIENCE_SECONDS = 5.0
"""In a full chat, a peer that has not joined after this time gives way even to one of its own network."""
_RETRY_SECONDS = 10
_CONNECTIONS = Rate(per_second=300, burst=5000)
"""Six connections of each browser of a large school at once, and all of a class again every second."""
_HANDSHAKES = Rate(per_second=20, burst=1000)
"""A large school that reconnects at once after the host has restarted, twice for a class of sixty every six seconds."""
_REQUESTS = Rate(per_second=500, burst=3000)
"""Sixty browsers that load the whole page five times over at once; more wait some seconds."""
REFUSED_AFTER_SECONDS = 3.0
"""A request that would have to wait for longer is refused: a browser shows an error sooner than an empty page."""


class Refusal(NamedTuple):
    """Why a network cannot open a WebSocket now: the status of the answer, a sentence, seconds until to try again."""

    status: HTTPStatus
    sentence: str
    retry_after: int = _RETRY_SECONDS


class Socket(Protocol):
    """What is needed of a WebSocket."""

    network: str

    @property
    def closing(self) -> bool: ...

    @property
    def joined(self) -> bool: ...

    @property
    def opened_at(self) -> float: ...

    def abort(self) -> None: ...


class HttpSocket(Protocol):
    """What is needed of an HTTP connection."""

    network: str

    def abort(self) -> None: ...


class OtherPlaces(Protocol):
    """The connections of other processes that serve the chat at the same address; these hear of the own ones by it."""

    def total(self) -> int: ...

    def of_network(self, network: str) -> int: ...

    def opened(self, network: str) -> None: ...

    def closed(self, network: str) -> None: ...


class NoOtherPlaces:
    """Those of a chat that one process serves."""

    def total(self) -> int:
        """See ``OtherPlaces``."""
        return 0

    def of_network(self, _network: str) -> int:
        """See ``OtherPlaces``."""
        return 0

    def opened(self, network: str) -> None:
        """See ``OtherPlaces``."""

    def closed(self, network: str) -> None:
        """See ``OtherPlaces``."""


def tells_networks_apart(config: ServerConfig) -> bool:
    """Whether networks have limits: not in a load test, nor where everybody comes from the address of one proxy."""
    return bool(config.message_rate) and bool(config.trusted_proxy or not config.public_url)


class Places[S: Socket, H: HttpSocket]:
    """The connections of a server, ``sockets`` and ``http``, and what each network may still open.

    A network gets half of the places at most, or 200, so that nobody can take all of them from one address. Behind a
    proxy that is not trusted everybody has the same address, and with ``message_rate`` 0 it is a load test: then only
    the number of all connections counts. A trusted proxy itself has no network, ``""``, and no limit. WebSockets are
    counted with those of ``others``; who gives way is found among the own ones.
    """

    others: OtherPlaces = NoOtherPlaces()

    def __init__(self, config: ServerConfig, sockets: MutableSet[S], http: Collection[H], hits: Hits) -> None:
        self._most = config.max_connections
        self._by_network = tells_networks_apart(config)
        self._most_of_a_network = max(_LEAST_OF_A_NETWORK, self._most // 2)
        self._sockets = sockets
        self._reserved: set[S] = set()
        """Those of the host's commands that were opened in a full chat; they do not count among the others."""
        self._takes_reserved = False
        """Whether the next one that is opened is one of these."""
        self._http = http
        self._http_of: Counter[str] = Counter()
        self._sockets_of: Counter[str] = Counter()
        self.budgets = {
            Spending.CONNECTIONS: Budget(self._rate(_CONNECTIONS)),
            Spending.HANDSHAKES: Budget(self._rate(_HANDSHAKES)),
            Spending.REQUESTS: Budget(self._rate(_REQUESTS)),
        }
        self._hits = hits

    def refusal(self, network: str, now: float, *, of_host: bool = False) -> Refusal | None:
        """Why this network cannot open a WebSocket now; None if it can. ``now`` is the loop's time.

        A full chat makes room for it by aborting a peer that has not joined. ``of_host``: for a command on the host's
        machine some places are reserved.
        """
        refusal = self._refusal(network, now)
        self._takes_reserved = refusal is not None and of_host and len(self._reserved) < _RESERVED
        return None if self._takes_reserved else refusal

    def _refusal(self, network: str, now: float) -> Refusal | None:
        if wait := self.wait(Spending.HANDSHAKES, network):
            sentence = "Too many connections were opened from your network just now: wait a moment and try again."
            return Refusal(HTTPStatus.TOO_MANY_REQUESTS, sentence, ceil(wait))
        if network and self._by_network and self._count(network) >= self._most_of_a_network:
            if self._abort(self._unjoined(network, now)):
                return None
            self._hits["network_places"] += 1
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Too many are connected from your network: try again later.")
        count = len(self._sockets) - len(self._reserved) + self.others.total()
        if count >= self._most and not self._abort(self._to_evict(network, now)):
            self._hits["places"] += 1
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "The chat is full: try again later.")
        return None

    def wait(self, spending: Spending, network: str) -> float:
        """Seconds for which a network has to wait; 0 if it does no more than it may."""
        return self.budgets[spending].spend(network) if network else 0.0

    def opened(self, socket: S) -> None:
        """A WebSocket was opened."""
        if self._takes_reserved:
            self._takes_reserved = False
            return self._reserved.add(socket)
        self._sockets_of[socket.network] += 1
        return self.others.opened(socket.network)

    def closed(self, socket: S) -> None:
        """A WebSocket is closed."""
        if socket in self._reserved:
            return self._reserved.remove(socket)
        _take_one(self._sockets_of, socket.network)
        return self.others.closed(socket.network)

    def http_opened(self, connection: H) -> None:
        """An HTTP connection was opened. It is aborted if its network opens too many, or another one for lack of room.

        The process has a file descriptor for each of them.
        """
        self._http_of[connection.network] += 1
        if self.wait(Spending.CONNECTIONS, connection.network):
            connection.abort()
        elif len(self._http) + len(self._sockets) > MAX_HTTP_CONNECTIONS + self._most:
            self._hits["http_places"] += 1
            self._http_to_evict(connection).abort()

    def http_closed(self, connection: H) -> None:
        """An HTTP connection is closed or has become a WebSocket."""
        _take_one(self._http_of, connection.network)

    def _count(self, network: str) -> int:
        return self._sockets_of[network] + self.others.of_network(network)

    def _rate(self, rate: Rate) -> Rate:
        return rate if self._by_network else Rate(0, rate.burst)

    def _to_evict(self, network: str, now: float) -> S | None:
        """The peer that gives way: one that has not joined, of the network that has most of these.

        A single one is left alone for a while, because it is probably about to join. Within the newcomer's own network
        it is one that had time enough.
        """
        counts = Counter(socket.network for socket in self._sockets if self._waits(socket, socket.network))
        most_crowded = max(counts, key=counts.__getitem__, default=network)
        if counts[most_crowded] >= counts[network] + 2:
            return next(socket for socket in self._sockets if self._waits(socket, most_crowded))
        return self._unjoined(network, now)

    def _unjoined(self, network: str, now: float) -> S | None:
        """The peer of this network that has not joined for longest, if it had time enough."""
        oldest = min(
            (socket for socket in self._sockets if self._waits(socket, network)),
            key=lambda socket: socket.opened_at,
            default=None,
        )
        return oldest if oldest and now >= oldest.opened_at + _PATIENCE_SECONDS else None

    def _waits(self, socket: S, network: str) -> bool:
        """Whether it is a peer of this network that has not joined, and whose place another one could have."""
        return socket.network == network and not (socket.joined or socket.closing or socket in self._reserved)

    def _abort(self, socket: S | None) -> bool:
        """Abort this peer, if there is one, so that there is a place. Returns whether there is."""
        if socket is None:
            return False
        self._hits["unjoined"] += 1
        self._sockets.discard(socket)
        socket.abort()
        return True

    def _http_to_evict(self, newcomer: H) -> H:
        """The HTTP connection to abort: one of the network that has most of them, perhaps the new one."""
        if self._http_of[newcomer.network] * len(self._http_of) >= len(self._http):
            return newcomer
        most_crowded = max(self._http_of, key=self._http_of.__getitem__)
        return next(connection for connection in self._http if connection.network == most_crowded)


def _take_one(counts: Counter[str], network: str) -> None:
    counts[network] -= 1
    if not counts[network]:
        del counts[network]
