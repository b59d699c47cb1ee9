"""What the server reports of itself: ``/about``, ``/health`` and ``/stats``."""

from __future__ import annotations

import time
from collections.abc import Collection
from http import HTTPStatus
from typing import Any, Protocol

from chatdesk import __version__
from chatdesk.config import ServerConfig
from chatdesk.log.room_log import LogStore
from chatdesk.server.connection import Connection
from chatdesk.server.dispatch import Dispatcher
from chatdesk.server.fair_scheduler import FairScheduler
from chatdesk.server.http.trusted_proxies import TrustedProxies
from chatdesk.server.hub import Hub
from chatdesk.server.places import Places
from chatdesk.server.rate_limits import Budget, Spending
from chatdesk.server.stats import LoopLag, memory_bytes

_SHOWN_NAME_CHARS = 100
"""Discovery packets are small, and no list shows more of a name."""


class Reported(Protocol):
    """The server, as far as it is reported."""

    config: ServerConfig
    hub: Hub
    dispatcher: Dispatcher
    budgets: dict[Spending, Budget]
    places: Places[Any, Any]
    scheduler: FairScheduler
    proxies: TrustedProxies
    closing: bool

    @property
    def connections(self) -> Collection[Connection]: ...

    @property
    def port(self) -> int: ...

    @property
    def key(self) -> str: ...


class Reports:
    """Each method returns what an endpoint answers, to be encoded as JSON."""

    def __init__(self, server: Reported, store: LogStore, loop_lag: LoopLag) -> None:
        self._server = server
        self._store = store
        self._loop_lag = loop_lag
        self._started = time.monotonic()

    def about(self) -> dict[str, Any]:
        """What discovery shows of the chat before joining: nothing that not everybody on the network may know."""
        server = self._server
        approval = ("approval",) if server.dispatcher.waiting_room.active else ()
        entry = (*self._token_entry(), *server.dispatcher.entry.asked_for(), *approval)
        return {
            "service": "chatdesk",
            "id": self._store.server_id,
            "name": server.config.name[:_SHOWN_NAME_CHARS],
            "host": server.hub.host_nickname,
            "people": len(server.hub.people),
            "rooms": self._public_rooms(),
            "locked": bool(set(entry) - {"token_optional"}),
            "entry": entry,
            "version": __version__,
            "port": server.port,
            "url": server.config.public_url,
            "key": server.key,
        }

    def health(self) -> tuple[HTTPStatus, dict[str, Any]]:
        """Status 503 only while the server closes. With a failing disk it is degraded: to restart would not help."""
        problem, closing = self._store.problem, self._server.closing
        status = HTTPStatus.SERVICE_UNAVAILABLE if closing else HTTPStatus.OK
        word = "closing" if closing else "degraded" if problem else "ok"
        reason = {"problem": problem.sentence} if problem else {}
        return status, {"status": word, **reason, "version": __version__, "uptime_seconds": self._uptime()}

    def stats(self) -> dict[str, Any]:
        """Figures, none of which names a person."""
        server, traffic = self._server, self._server.hub.traffic
        return {
            "name": server.config.name,
            "host": server.hub.host_nickname,
            "connections": len(server.connections),
            "users": len(server.hub.people),
            "rooms": self._public_rooms(),
            "messages_total": traffic.messages,
            "messages_per_second": traffic.messages_per_second(),
            "deliveries_total": traffic.deliveries,
            "bytes_in": traffic.bytes_in,
            "bytes_out": traffic.bytes_out,
            "slow_clients": sum(not connection.writable for connection in server.connections),
            "storage": self._store.problem.code if self._store.problem else "ok",
            "forwarded": {"ignored": server.proxies.ignored, "refused": server.proxies.refused},
            "max_connections": server.config.max_connections,
            "uptime_seconds": self._uptime(),
            "memory_bytes": memory_bytes(),
            "loop_lag_ms": self._loop_lag.percentiles(),
            "limits": self._hits(),
        }

    def _hits(self) -> dict[str, int]:
        """How often each limit has had an effect; those that had none are left out."""
        server = self._server
        invitations = {Spending.INVITATIONS: server.hub.invitations.attempts}
        budgets = {**server.budgets, **server.places.budgets, **invitations}
        hits = {spending.name.lower(): budget.refusals for spending, budget in budgets.items()}
        queue = {"queue": server.scheduler.delays}
        return {name: count for name, count in sorted({**hits, **server.hub.traffic.hits, **queue}.items()) if count}

    def _token_entry(self) -> tuple[str, ...]:
        """What is said of tokens: with ``token_optional`` people may bring one."""
        tokens = self._server.hub.recognition.tokens
        return ("token" if tokens.required else "token_optional",) if tokens else ()

    def _public_rooms(self) -> int:
        """How many rooms are open. Nobody may learn that two people talk in private."""
        return sum(room.pair is None for room in self._server.hub.rooms.values())

    def _uptime(self) -> float:
        return round(time.monotonic() - self._started, 3)
