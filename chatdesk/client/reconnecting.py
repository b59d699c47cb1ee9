"""Coming and going: a client's visits to its server, one after the other, and what it waits for between them."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from random import SystemRandom

from chatdesk.client.backoff import Backoff
from chatdesk.client.changes import Change, Connecting, Ended, Lost
from chatdesk.client.connection import PROBE_FAILED, CloseReason, Connection
from chatdesk.client.state import ChatState
from chatdesk.protocol import commands, events

_JOIN_SECONDS = 10.0
_STABLE_SECONDS = 10.0
_NO_ANSWER = CloseReason("Something answers there, but not as a chat.")
_LEFT = CloseReason("You have left the chat.", may_reconnect=False)

NOT_READY = CloseReason("The host cannot read its history just now.")


class ReconnectingConnection:
    """The visits of one client: each begins with what ``first`` says, and after each one ``gone`` is called.

    How it is between them is told to ``state`` and, by ``changed``, to who follows that.
    """

    def __init__(
        self,
        url: str,
        state: ChatState,
        *,
        first_command: Callable[[], commands.Join | commands.Prove],
        on_changes: Callable[[list[Change]], None],
        on_disconnect: Callable[[], None],
    ) -> None:
        self._url = url
        self._state = state
        self._first_command = first_command
        self._on_changes = on_changes
        self._on_disconnect = on_disconnect
        self._backoff = Backoff(SystemRandom())
        self._connection: Connection | None = None
        self._wake = asyncio.Event()
        self._leaving = asyncio.Event()
        self._join_by = 0.0
        self._online_since = 0.0
        self._lost_since = 0.0
        self._goodbye = False

    async def run(self, receive: Callable[[events.Event], None]) -> CloseReason:
        """Visit the server, and again after every loss, until ``stop``, or until it will not have us."""
        self._leaving.clear()
        while True:
            reason = await self._connect_once(receive)
            self._on_disconnect()
            if self._leaving.is_set():
                return _LEFT  # also where the line broke at that very moment
            if self._is_final(reason):
                return reason
            await self._wait(reason)
            if self._leaving.is_set():
                return _LEFT

    def stop(self) -> None:
        """Leave; ``stay`` returns within a second or two."""
        self._leaving.set()
        self.close(_LEFT)

    def close(self, reason: CloseReason) -> None:
        """End this visit, or the wait for the next one."""
        self.reconnect_now()
        if self._connection:
            self._connection.close(reason)

    def probe(self) -> None:
        """Something has happened to this machine or program: find out soon whether the server is still there."""
        self.reconnect_now()
        if self._connection:
            self._connection.probe()

    def reconnect_now(self) -> None:
        """Do not wait any longer for the next attempt."""
        self._wake.set()

    def send(self, command: commands.Command) -> None:
        """Send a command, if there is a visit."""
        if self._connection:
            self._connection.send(command)

    @property
    def endpoint(self) -> tuple[str, int] | None:
        """Where the server is reached, as a proof counts it; None where it is not."""
        return self._connection.endpoint if self._connection else None

    def joined(self) -> None:
        """The client is in the room."""
        self._online_since = time.monotonic()

    def check_join_timeout(self, now: float) -> None:
        """A server that has not let the client in by now is none."""
        if self._connection and now > self._join_by:
            self._connection.close(_NO_ANSWER)

    async def _connect_once(self, receive: Callable[[events.Event], None]) -> CloseReason:
        self._connection = Connection(self._url)
        self._join_by = time.monotonic() + _JOIN_SECONDS
        self.send(self._first_command())
        try:
            return await self._connection.run(receive)
        finally:
            self._connection = None

    def _is_final(self, reason: CloseReason) -> bool:
        """A first attempt is made once: whoever typed the address is there to be told. A loss is made good."""
        tells = isinstance(self._state.status, Connecting | Ended) and reason is not NOT_READY
        return not reason.may_reconnect or tells

    async def _wait(self, reason: CloseReason) -> None:
        """Stay away for a while, but no longer than the person wants."""
        now = time.monotonic()
        if not isinstance(self._state.status, Lost):
            self._lost_since = now
            self._goodbye = reason.goodbye
            if self._state.online and now - self._online_since > _STABLE_SECONDS:
                self._backoff.reset()
        delay = 0.0 if reason is PROBE_FAILED else self._backoff.next(reason.busy)
        self._set_lost(now + delay)
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._wake.wait()
        self._set_lost(None)

    def _set_lost(self, retry_at: float | None) -> None:
        lost = Lost(self._lost_since, self._backoff.attempt, retry_at, self._goodbye)
        self._on_changes(self._state.set_status(lost))
