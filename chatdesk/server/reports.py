"""What the server tells of itself: to discovery, to monitoring, and to people who look at ``/stats``."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from http import HTTPStatus
from math import inf
from typing import Any, NamedTuple, Protocol

from chatdesk import __version__
from chatdesk.config import ServerConfig
from chatdesk.log.log_store import LogStore
from chatdesk.server.connection import Connection
from chatdesk.server.dispatch import Dispatcher
from chatdesk.server.fair_scheduler import FairScheduler
from chatdesk.server.http.trusted_proxies import TrustedProxies
from chatdesk.server.hub import Hub
from chatdesk.server.places import Places
from chatdesk.server.rate_limits import Budget, Spending
from chatdesk.server.stats import LoopLag, Traffic, memory_bytes

_SHOWN_NAME_CHARS = 100
"""Discovery packets are small, and no list shows more of a name."""


Family = tuple[str, str, str, Sequence[tuple[str, dict[str, str], float]]]
"""Metrics of one name: that name, what they say, their type, and of each sample its name, its labels and its value."""


class Reported(Protocol):
    """What is needed of the server."""

    config: ServerConfig
    hub: Hub
    dispatcher: Dispatcher
    traffic: Traffic
    proxies: TrustedProxies
    scheduler: FairScheduler
    loop_lag: LoopLag
    connections: set[Connection]
    budgets: dict[Spending, Budget]
    places: Places[Any, Any]

    @property
    def store(self) -> LogStore: ...

    @property
    def port(self) -> int: ...

    @property
    def key(self) -> str: ...

    @property
    def closing(self) -> bool:
        """Whether it takes nobody in any more."""

    @property
    def http_connections(self) -> Collection[object]:
        """The connections that are no WebSocket."""


class Fault(NamedTuple):
    """What is wrong with another process of the chat, as a sentence; ``hinders``: it serves nobody who connects."""

    sentence: str
    hinders: bool


class Reports:
    """Everything is read from the server when it is asked for, so that counting costs nothing meanwhile."""

    def __init__(self, server: Reported) -> None:
        self._server = server
        self._started = time.monotonic()
        self.of_others: Sequence[Mapping[str, Any]] = ()
        """What ``own_stats`` of other processes are that serve the chat at the same address."""
        self.worker = ""
        """Which of these it is, by its number; empty where there is one."""
        self.metrics_of_others: Mapping[str, Sequence[Family]] = {}
        """The figures of the others, by their numbers."""
        self.fault_elsewhere: Callable[[], Fault | None] = lambda: None
        """What is wrong with one of the others."""
        self.scraped_at = -inf
        """When somebody has asked for the metrics last, by the monotonic clock."""

    def about(self) -> dict[str, Any]:
        """What discovery shows of the chat before joining: nothing that not everybody on the network may know."""
        server = self._server
        approval = ("approval",) if server.dispatcher.waiting_room.active else ()
        entry = (*self._token_entry(), *server.dispatcher.entry.asked_for(), *approval)
        return {
            "service": "chatdesk",
            "id": server.store.server_id,
            "name": server.config.name[:_SHOWN_NAME_CHARS],
            "host": server.hub.host_nickname,
            "people": len(server.hub.people),
            "rooms": self.public_rooms(),
            "locked": bool(set(entry) - {"token_optional"}),
            "entry": entry,
            "version": __version__,
            "port": server.port,
            "url": server.config.public_url,
            "key": server.key,
        }

    def health(self) -> tuple[HTTPStatus, dict[str, Any]]:
        """That the process is alive. With a failing disk it is degraded: to restart it would not help."""
        problem = self._server.store.problem or self.fault_elsewhere()
        word = "closing" if self._server.closing else "degraded" if problem else "ok"
        reason = {"problem": problem.sentence} if problem else {}
        return HTTPStatus.OK, {"status": word, **reason, "version": __version__, "uptime_seconds": self._uptime()}

    def ready(self) -> tuple[HTTPStatus, dict[str, Any]]:
        """Whether people should be sent here: status 503 while it closes, and while nothing can be stored.

        Also while another process at this address cannot serve people who connect to it.
        """
        problem = self._server.store.problem
        if self._server.closing:
            return HTTPStatus.SERVICE_UNAVAILABLE, {"status": "closing"}
        if problem:
            return HTTPStatus.SERVICE_UNAVAILABLE, {"status": "storage", "problem": problem.sentence}
        if (fault := self.fault_elsewhere()) and fault.hinders:
            return HTTPStatus.SERVICE_UNAVAILABLE, {"status": "worker", "problem": fault.sentence}
        return HTTPStatus.OK, {"status": "ready"}

    def stats(self) -> dict[str, Any]:
        """The figures of ``/stats``: of all processes that serve the chat at this address."""
        own, others = self.own_stats(), self.of_others
        if not others:
            return own
        return add_stats({**own, "users": len(self._server.hub.people)}, others)

    def own_stats(self) -> dict[str, Any]:
        """The same of this process alone."""
        server, traffic = self._server, self._server.traffic
        return {
            "name": server.config.name,
            "host": server.hub.host_nickname,
            "connections": len(server.connections),
            "users": self.people(),
            "rooms": self.public_rooms(),
            "messages_total": traffic.messages,
            "messages_per_second": traffic.messages_per_second(),
            "deliveries_total": traffic.deliveries,
            "bytes_in": traffic.bytes_in,
            "bytes_out": traffic.bytes_out,
            "slow_clients": self.slow_clients(),
            "storage": server.store.problem.code if server.store.problem else "ok",
            "forwarded": {"ignored": server.proxies.ignored, "refused": server.proxies.refused},
            "max_connections": server.config.max_connections,
            "uptime_seconds": self._uptime(),
            "memory_bytes": memory_bytes(),
            "loop_lag_ms": server.loop_lag.percentiles(),
            "limits": {name: count for name, count in sorted(self.limit_hits().items()) if count},
        }

    def limit_hits(self) -> dict[str, int]:
        """How often each limit has had an effect."""
        server = self._server
        invitations = {Spending.INVITATIONS: server.hub.invitations.attempts}
        budgets = {**server.budgets, **server.places.budgets, **invitations}
        hits = {spending.name.lower(): budget.refusals for spending, budget in budgets.items()}
        return {**hits, **self._server.traffic.hits, "queue": self._server.scheduler.delays}

    def public_rooms(self) -> int:
        """How many rooms are open. Nobody may learn that two people talk in private."""
        return sum(room.pair is None for room in self._server.hub.rooms.values())

    def people(self) -> int:
        """How many people are at this server. Those of other nodes count there, so that a sum over all is right."""
        return sum(not person.only_elsewhere for person in self._server.hub.people.values())

    def slow_clients(self) -> int:
        """How many peers do not read as fast as they are written to."""
        return sum(not connection.writable for connection in self._server.connections)

    def _token_entry(self) -> tuple[str, ...]:
        """What is said of tokens: with ``token_optional`` people may bring one."""
        tokens = self._server.hub.recognition.tokens
        return ("token" if tokens.required else "token_optional",) if tokens else ()

    def _uptime(self) -> float:
        return round(time.monotonic() - self._started, 3)


_ADDED = ("connections", "deliveries_total", "bytes_in", "bytes_out", "slow_clients", "memory_bytes")
"""Figures of ``/stats`` that each process has of its own."""
_SHARED = ("rooms", "messages_total", "messages_per_second", "uptime_seconds")
"""Those that all processes have of the whole chat, but one that was started later knows less."""
_COUNTED = ("limits", "forwarded")


def add_stats(own: dict[str, Any], others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the ``/stats`` of several processes that serve one chat at one address: ``processes`` says how many.

    Who is connected to two of them is one user, so that figure is the own one, which has to count all.
    """
    all_stats = [own, *others]
    added = {name: sum(stats[name] for stats in all_stats) for name in _ADDED}
    shared = {name: max(stats[name] for stats in all_stats) for name in _SHARED}
    counted = {name: _sums([stats[name] for stats in all_stats]) for name in _COUNTED}
    problems = [stats["storage"] for stats in all_stats if stats["storage"] != "ok"]
    longest = {name: max(stats["loop_lag_ms"][name] for stats in all_stats) for name in own["loop_lag_ms"]}
    storage = problems[0] if problems else "ok"
    return own | added | shared | counted | {"storage": storage, "loop_lag_ms": longest, "processes": len(all_stats)}


def _sums(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    names = sorted({name for counted in counts for name in counted})
    return {name: sum(counted.get(name, 0) for counted in counts) for name in names}
