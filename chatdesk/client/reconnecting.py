"""A connection that is opened again after every loss, with growing delays."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from functools import partial
from random import SystemRandom

from chatdesk.backoff import Backoff
from chatdesk.client.address import chat_page_url
from chatdesk.client.changes import Change, Connecting, Ended, Lost, Online, Waiting
from chatdesk.client.connection import PROBE_FAILED, CloseReason, Connection
from chatdesk.client.nodes import Nodes
from chatdesk.client.proof_request import ProofRequest
from chatdesk.client.state import ChatState
from chatdesk.origin import canonical_url
from chatdesk.protocol import commands, connection_events, events

_JOIN_SECONDS = 10.0
"""A server that has not answered the join by then is no chat."""
_FIRST_SECONDS = 1.0
"""A restart of the host takes about as long."""
_MAX_SECONDS = 30.0
"""A host that is back after a long time is found within half a minute."""
_BUSY_SECONDS = 5.0
"""Added when the server has asked to be left alone; it takes a few seconds to work off a full queue."""
_STABLE_SECONDS = 10.0
"""A connection that lasted this long was no failed attempt: delays start again with the shortest."""
_NO_ANSWER = CloseReason("Something answers there, but not as a chat.")
_LEFT = CloseReason("You have left the chat.", may_reconnect=False)
_ANOTHER_CHAT = CloseReason("Another chat answers there.")
_SUSPENDED = CloseReason("You are about to come back.")

NOT_READY = CloseReason("The host cannot read its history just now.")


class ReconnectingConnection:
    """The connections of one client, one after the other.

    Each starts with what ``first_command`` returns, and after each one ``on_disconnect`` is called. The status
    between them is set in ``state``, and its changes are passed to ``on_changes``. For ``authority`` and
    ``place_token`` see ``Connection``.
    The first one leads to ``url``, later ones also to other servers that the chat has named.
    """

    def __init__(
        self,
        url: str,
        state: ChatState,
        *,
        authority: bytes = b"",
        place_token: Callable[[], str] | None = None,
        first_command: Callable[[], commands.Join | commands.Prove],
        on_changes: Callable[[list[Change]], None],
        on_disconnect: Callable[[], None],
    ) -> None:
        self._random = SystemRandom()
        self._nodes = Nodes(url, self._random)
        self.authority = authority
        self._place_token = place_token
        self._state = state
        self._first_command = first_command
        self._on_changes = on_changes
        self._on_disconnect = on_disconnect
        state.sign_in.send = self.send
        self._backoff = Backoff(self._random, _FIRST_SECONDS, _MAX_SECONDS)
        self._connection: Connection | None = None
        self._wake = asyncio.Event()
        self._leaving = asyncio.Event()
        self._join_by = 0.0
        self._online_since = 0.0
        self._lost_since = 0.0
        self._goodbye = False
        self._proof: ProofRequest | None = None
        """What a server that another one has named has to answer first."""

    async def run(self, receive: Callable[[events.Event], None]) -> CloseReason:
        """Connect, again after every loss, until ``stop`` or a final refusal; return why it ended."""
        self._leaving.clear()
        while True:
            reason = await self._connect_once(receive)
            self._on_disconnect()
            if self._leaving.is_set():
                return _LEFT  # even if the connection broke at that very moment
            if self._is_final(reason):
                return reason
            await self._wait(reason)
            if self._leaving.is_set():
                return _LEFT

    def stop(self) -> None:
        """Leave the chat; ``run`` returns within a second or two."""
        self._leaving.set()
        self.close(_LEFT)

    def suspend(self) -> None:
        """End the connection for now; ``run`` returns, and the host keeps what belongs to the person."""
        self._leaving.set()
        self.close(_SUSPENDED)

    def close(self, reason: CloseReason) -> None:
        """End this connection, or the delay before the next one."""
        self.reconnect_now()
        if self._connection:
            self._connection.close(reason)

    def probe(self) -> None:
        """The machine or program was suspended: check soon whether the server is still there."""
        self.reconnect_now()
        if self._connection:
            self._connection.probe()

    def reconnect_now(self) -> None:
        """Skip the rest of the delay before the next attempt."""
        self._wake.set()

    def send(self, command: commands.Command) -> None:
        """Send a command, if there is a connection to a server of this chat."""
        if self._connection and not self._proof:
            self._connection.send(command)

    @property
    def url(self) -> str:
        """The URL of the WebSocket at which the client is connected, or tries to connect next."""
        return self._nodes.url

    @property
    def endpoint(self) -> tuple[str, int] | None:
        """Where the server is reached, in the form that a proof signs; None while disconnected."""
        return self._connection.endpoint if self._connection else None

    def joined(self) -> None:
        """The client is in the room."""
        self._online_since = time.monotonic()

    def check_join_timeout(self, now: float) -> None:
        """Close a connection on which the server has not answered the join in time."""
        if self._connection and now > self._join_by and not isinstance(self._state.status, Waiting):
            self._connection.close(_NO_ANSWER)

    async def _connect_once(self, receive: Callable[[events.Event], None]) -> CloseReason:
        self._connection = Connection(self.url, self.authority, self._place_token)
        self._join_by = time.monotonic() + _JOIN_SECONDS
        self._proof = ProofRequest([self._state.proof_token]) if self._nodes.unproven else None
        self._connection.send(self._proof.command if self._proof else self._first_command())
        try:
            return await self._connection.run(partial(self._receive, receive))
        finally:
            self._connection = None

    def _receive(self, receive: Callable[[events.Event], None], event: events.Event) -> None:
        """Pass an event on, unless another chat is at an address that a server of this one has named."""
        if self._proof:
            self._check_proof(event, self._proof)
            return
        server = self._state.server
        if isinstance(event, events.Welcome) and self._nodes.unproven and server and event.server.id != server.id:
            self.close(_ANOTHER_CHAT)
            return
        self._nodes.hear(event)
        receive(event)

    def _check_proof(self, event: events.Event, asked: ProofRequest) -> None:
        """Join once it is proven that this is a server of the chat: nothing but that question is sent before."""
        endpoints = [end for end in (self.endpoint, (canonical_url(chat_page_url(self.url)), 0)) if end]
        if isinstance(event, connection_events.Proof) and asked.proven_token(event, *endpoints):
            self._proof = None
            self.send(self._first_command())
        elif isinstance(event, connection_events.Proof | events.Error):
            self.close(_ANOTHER_CHAT)

    def _is_final(self, reason: CloseReason) -> bool:
        """The first attempt is made once: the person who typed the address reads the reason. A loss is retried."""
        is_first = isinstance(self._state.status, Connecting | Ended) and reason is not NOT_READY
        is_stranger = self._nodes.unproven and not isinstance(self._state.status, Ended) and not reason.token_needed
        return (not reason.may_reconnect and not is_stranger) or is_first

    async def _wait(self, reason: CloseReason) -> None:
        """Wait before the next attempt, or until the person asks for it."""
        now = time.monotonic()
        if not isinstance(self._state.status, Lost):
            self._lost_since = now
            self._goodbye = reason.goodbye
            if isinstance(self._state.status, Online) and now - self._online_since > _STABLE_SECONDS:
                self._backoff.reset()
        if self._nodes.unproven and (reason is _ANOTHER_CHAT or not reason.may_reconnect):
            self._nodes.forget()
        self._nodes.go_on()
        delay = 0.0 if reason is PROBE_FAILED else self._next_delay(reason)
        self._set_lost(now + delay)
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._wake.wait()
        self._set_lost(None)

    def _next_delay(self, reason: CloseReason) -> float:
        delay = self._backoff.next(self._nodes.count)
        return delay + _BUSY_SECONDS * self._random.uniform(1.0, 2.0) if reason.busy else delay

    def _set_lost(self, retry_at: float | None) -> None:
        lost = Lost(self._lost_since, self._backoff.attempt, retry_at, self._goodbye)
        self._on_changes(self._state.set_status(lost))
