"""The chat server as a whole: it listens, accepts connections within limits, and shuts down gracefully."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from http import HTTPStatus
from math import ceil
from types import TracebackType
from typing import Self

from chatdesk import __version__
from chatdesk.config import ServerConfig
from chatdesk.ip import canonical_address
from chatdesk.log.log_store import LogStore
from chatdesk.protocol import events
from chatdesk.protocol.limits import CONTENT_CHARS, HISTORY_PAGE, MESSAGE_BYTES, NICKNAME_CHARS
from chatdesk.server.arrivals import Arrival, Certificates
from chatdesk.server.auth import Principal, TokenSignIn
from chatdesk.server.banned_names import BannedNames
from chatdesk.server.connection import Connection
from chatdesk.server.dispatch import Dispatcher
from chatdesk.server.draining import NOTICE_SHARE, close_one_by_one, say_goodbye
from chatdesk.server.fair_scheduler import RELAXED, STRICT, FairScheduler
from chatdesk.server.fanout import HEADLESS, Pace
from chatdesk.server.freed_memory import FreedMemory
from chatdesk.server.grace_period import GRACE_SECONDS
from chatdesk.server.handshakes import Handshakes
from chatdesk.server.heartbeat import INTERVAL_SECONDS, Heartbeat
from chatdesk.server.hooks import Hooks
from chatdesk.server.http.bearer import HandshakeSignIn
from chatdesk.server.http.ca_endpoints import CA_FILE, CaEndpoints
from chatdesk.server.http.connection import HttpConnection, NewConnection
from chatdesk.server.http.deferred import DeferredEndpoints, Endpoint
from chatdesk.server.http.hook_endpoint import HookEndpoint
from chatdesk.server.http.origin_check import OriginCheck, own_host_names
from chatdesk.server.http.plain_requests import EncryptionRules
from chatdesk.server.http.reachability_endpoints import CHECK_FILE, ReachabilityEndpoints
from chatdesk.server.http.routes import Routes
from chatdesk.server.http.static_files import StaticFile
from chatdesk.server.http.trusted_proxies import TrustedProxies
from chatdesk.server.hub import Hub
from chatdesk.server.identity import HOST
from chatdesk.server.listening import Listening
from chatdesk.server.own_node import OwnNode
from chatdesk.server.password_file import PasswordFile
from chatdesk.server.permissions import Right
from chatdesk.server.places import Places, Refusal, tells_networks_apart
from chatdesk.server.proxy_header import ProxiedArrival
from chatdesk.server.rate_limits import Spending, TokenBucket, make_budgets, new_frame_limit
from chatdesk.server.reachability import ReachabilityProbe
from chatdesk.server.reports import Reported, Reports
from chatdesk.server.revocation_watch import RevocationWatch
from chatdesk.server.scheduled_reader import ScheduledReader
from chatdesk.server.session import Session
from chatdesk.server.spending_elsewhere import SpendingElsewhere
from chatdesk.server.stats import LoopLag

_RECEIVE_BYTES = 1024
"""Size of the buffer for reading. Most messages fit; twice this would double what a flood gets in each turn."""
_DISCARD_BYTES = 64 * 1024
"""Size of the buffer for data that is dropped: a large one, so that dropping takes few calls."""
_TLS_BYTES = 4096
"""Size of the buffer for reading what is encrypted: a whole first message of a handshake."""
_CLOSE_SECONDS = 2.5
"""How long all peers together may take to answer the close frames: half a second more than each of them has."""


class ChatServer:
    """Serves while its context is open. Raises OSError on entering if the port is not available, and
    PasswordFileError if the file with the password cannot be read.

    ``files`` are the page's, by path. ``addresses`` returns this machine's, the ones to share with others first.
    ``heartbeat`` and ``grace`` are in seconds. With ``certificates`` it speaks TLS, too, with ``tokens`` people sign
    in, and ``deferred`` returns endpoints that take a while.
    """

    opens_again = False
    """Whether people are to come back here after it has closed, which does not close the chat then."""

    def __init__(
        self,
        config: ServerConfig,
        store: LogStore,
        files: Mapping[str, StaticFile],
        addresses: Callable[[], Iterable[str]] = tuple,
        pace: Pace = HEADLESS,
        heartbeat: float = INTERVAL_SECONDS,
        grace: float = GRACE_SECONDS,
        certificates: Certificates | None = None,
        tokens: TokenSignIn | None = None,
        deferred: Callable[[Reported, Reports], Mapping[str, Endpoint]] = lambda _server, _reports: {},
    ) -> None:
        self.config = config
        self._store = store
        self.loop = asyncio.get_running_loop()
        self.buffer = bytearray(_RECEIVE_BYTES)
        self.discard_buffer = bytearray(_DISCARD_BYTES)
        self._tls_buffer = bytearray(_TLS_BYTES)
        self._handshakes = Handshakes()
        self.certificates = certificates
        self.encryption = EncryptionRules(has_authority=bool(certificates.authority)) if certificates else None
        policy = STRICT if config.message_rate else RELAXED
        self.scheduler = FairScheduler(policy._replace(by_network=tells_networks_apart(config)))
        self.origin_check = OriginCheck(own_host_names(addresses()), config.allow_host, config.public_url)
        self.proxies = TrustedProxies(config.trusted_proxy)
        self.hub = Hub(store, pace, grace)
        self.listening = Listening(config)
        self._node = OwnNode(self, store.channel, addresses) if store.channel else None
        self.hub.free_names.banned = BannedNames(config.banned_name)
        self._revocation_watch = self._use_tokens(tokens) if tokens else None
        self.sign_in = HandshakeSignIn(self.hub.recognition)
        self.token_required = bool(tokens and tokens.required)
        self._reachability = ReachabilityProbe(lambda: self.listening.listens_on(addresses()), self._sessions)
        may_read_report = partial(self.hub.recognition.proves, right=Right.EXAMINE)
        endpoints = ReachabilityEndpoints(files.get(CHECK_FILE), self._reachability, lambda: self.port, may_read_report)
        ca = CaEndpoints(files.get(CA_FILE), certificates, config.name)
        self.reports = Reports(self)
        self.deferred = DeferredEndpoints(deferred(self, self.reports))
        self.routes = Routes(files, self.reports, endpoints, config.public_url, ca, self.deferred.serves)
        if self._node:
            self.routes.other_sources = self._node.page_sources
        self.traffic = self.hub.traffic
        self.budgets = make_budgets(config.message_rate, config.max_connections)
        self.dispatcher = self._new_dispatcher()
        self.hooks = HookEndpoint(store.hook, Hooks(self.hub, self.dispatcher.say))
        self.connections: set[Connection] = set()
        self._http: set[NewConnection] = set()
        self.places = Places(config, self.connections, self._http, self.traffic.hits)
        self._freed_memory = FreedMemory()
        self._heartbeat = Heartbeat(self.connections, self._http, heartbeat, self._freed_memory.give_back)
        self.loop_lag = LoopLag()
        self.closing = self._refusing = False
        """Whether people should go elsewhere; ``_refusing``: whether those who connect all the same are turned away."""
        self._draining: asyncio.Task[None] | None = None
        self._no_connections = asyncio.Event()

    def _use_tokens(self, tokens: TokenSignIn) -> RevocationWatch:
        self.hub.recognition.use_tokens(tokens)
        return RevocationWatch(self.hub, tokens, self._node.topics.topic("revocations") if self._node else None)

    def _new_dispatcher(self) -> Dispatcher:
        config = self.config
        dispatcher = Dispatcher(
            self.hub,
            self.budgets,
            self._limits(),
            self._info,
            config.public_url,
            config.private_messages,
            config.receipts,
            config.approval,
            config.workers,
        )
        if config.password_file:
            dispatcher.entry.file = PasswordFile(config.password_file)
        if self._node:
            dispatcher.join_nodes(self._node.topics)
        SpendingElsewhere(self._store, self.budgets, dispatcher.slow)
        return dispatcher

    async def __aenter__(self) -> Self:
        await self._store.catch_up()  # first: the other nodes have the password of the file already
        await self.dispatcher.entry.read_file()
        await self.listening.open(self._new_connection)
        self._tell_place()
        self._heartbeat.start()
        self.loop_lag.start()
        if self._revocation_watch:
            self._revocation_watch.start()
        return self

    def _new_connection(self) -> asyncio.BaseProtocol:
        trusting = bool(self.config.trusted_proxy)
        return ProxiedArrival(self.proxies, self._first_protocol) if trusting else self._first_protocol()

    def _first_protocol(self) -> asyncio.BaseProtocol:
        if self.certificates:
            return Arrival(self, self.certificates, self._handshakes, self._tls_buffer)
        return HttpConnection(self)

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Shut down: refuse new WebSockets, tell everybody, wait for their answers, then close what is left."""
        self.closing = self._refusing = True
        self._tell_place()
        if self._draining:
            self._draining.cancel()
        say_goodbye(self.connections, goes_on=self.opens_again or self.hub.nodes.goes_on())
        try:
            if self.connections:
                self._no_connections.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._no_connections.wait(), _CLOSE_SECONDS)
        finally:  # also when cancelled meanwhile
            self._close_at_once()
        await self.listening.wait_closed()

    def drain(self, done: Callable[[], object]) -> None:
        """Send everybody elsewhere within ``config.drain`` seconds, and call ``done`` then; at once if called again."""
        if self._draining:
            done()
            return
        self._draining = self.loop.create_task(self._drain())
        self._draining.add_done_callback(lambda _task: done())

    async def _drain(self) -> None:
        self.closing = True
        self._tell_place()
        notice = NOTICE_SHARE * self.config.drain
        await asyncio.sleep(notice)
        self._refusing = True
        await close_one_by_one(self.connections, self.config.drain - notice)

    def _close_at_once(self) -> None:
        self.listening.close()
        opened: list[Connection | NewConnection] = [*self.connections, *self._http]
        for connection in opened:
            connection.abort()
        self._heartbeat.stop()
        if self._revocation_watch:
            self._revocation_watch.stop()
        self.loop_lag.stop()
        self.deferred.close()
        self.scheduler.close()
        self._handshakes.close()
        self.dispatcher.close()
        if self._node:
            self._node.close()
        self.hub.close()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.listening.port

    @property
    def key(self) -> str:
        """The fingerprint of the chat's own key, by which clients recognise it; empty if it has none."""
        return self.certificates.fingerprint if self.certificates else ""

    def set_announced_name(self, name: str) -> None:
        """Answer to the mDNS name under which the chat is announced now, with a certificate for it; empty for none."""
        self.origin_check.set_announced_name(name)
        if self.certificates:
            self.certificates.set_announced_name(name)

    @property
    def host_token(self) -> str:
        """The token by which the window that hosts is recognised as the host."""
        return self.hub.identities.token(HOST)

    @property
    def store(self) -> LogStore:
        """The store of all messages."""
        return self._store

    @property
    def http_connections(self) -> Collection[NewConnection]:
        """The connections that are no WebSocket."""
        return self._http

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences about the history for the host, such as that a damaged file was put aside."""
        return self._store.notices

    def reached_addresses(self) -> frozenset[str]:
        """The addresses of this machine to which peers on other machines are connected."""
        ends = (
            (canonical_address(connection.local_address or ""), canonical_address(connection.address or ""))
            for connection in self.connections
        )
        return frozenset(own for own, other in ends if own and own != other)

    # What connections call

    def websocket_refusal(self, network: str, *, of_host: bool) -> Refusal | None:
        """See ``HttpHost``."""
        if self._refusing:
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "The chat is closing.", retry_after=1)
        return self.places.refusal(network, self.loop.time(), of_host=of_host)

    def request_wait(self, network: str) -> float:
        """Seconds for which a network has to wait after a request; 0 if it asks no more than it may."""
        return self.places.wait(Spending.REQUESTS, network)

    def new_frame_limit(self) -> TokenBucket:
        """A bucket for the frames of a new WebSocket."""
        return new_frame_limit(self.config.message_rate)

    def http_opened(self, connection: NewConnection) -> None:
        """A new HTTP connection."""
        self._http.add(connection)
        self.places.http_opened(connection)

    def http_closed(self, connection: NewConnection) -> None:
        """A connection is closed that never became a WebSocket."""
        self.http_handed_over(connection)
        self._freed_memory.connection_closed()

    def http_handed_over(self, connection: NewConnection) -> None:
        """See ``HttpHost``."""
        if connection in self._http:
            self._http.remove(connection)
            self.places.http_closed(connection)

    def upgraded(
        self, reader: ScheduledReader, early: bytes, cookie_tokens: tuple[str, ...], signed_in: Principal | None
    ) -> None:
        """See ``HttpHost``."""
        connection = Connection(self, reader, cookie_tokens)
        connection.session.signed_in = signed_in
        self.connections.add(connection)
        self.places.opened(connection)
        if early:
            connection.receive(early)

    def websocket_closed(self, connection: Connection) -> None:
        """A WebSocket is closed."""
        self.connections.discard(connection)
        connection.session.left = connection.session.left or connection.left_for_good
        self.dispatcher.gate.withdraw(connection.session)
        self.places.closed(connection)
        self._freed_memory.connection_closed()
        self.hub.leave(connection.session, dropped=not connection.left_for_good)
        if not self.connections:
            self._no_connections.set()

    def _tell_place(self) -> None:
        if self._node:
            self._node.moved()

    def _sessions(self) -> Iterable[Session]:
        return (connection.session for connection in self.connections)

    def _limits(self) -> events.Limits:
        rate, edit_seconds = self.config.message_rate, ceil(self.config.edit_minutes * 60)
        return events.Limits(MESSAGE_BYTES, CONTENT_CHARS, NICKNAME_CHARS, HISTORY_PAGE, rate, edit_seconds)

    def _info(self) -> events.ServerInfo:
        return events.ServerInfo(self.config.name, self.hub.host_nickname, __version__, self._store.server_id)
