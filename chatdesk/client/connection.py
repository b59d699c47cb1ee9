"""One WebSocket connection to a server, from connecting to closing. Every failure becomes a ``CloseReason``."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from chatdesk.client.address import chat_page_url
from chatdesk.client.changes import Ended
from chatdesk.client.connect_errors import HttpResponse, explain_failure, may_want_tls
from chatdesk.client.sanitize import sanitize
from chatdesk.client.throttling import ThrottledConnection
from chatdesk.client.tls import next_address_delay, speaks_tls, system_tls_context, trusting_context
from chatdesk.client.validation import MAX_EVENT_BYTES, InvalidEventError, validate
from chatdesk.ip import canonical_address
from chatdesk.origin import canonical_url
from chatdesk.protocol import codec, commands, events
from chatdesk.protocol.errors import CloseCode, may_reconnect
from chatdesk.protocol.text import isolated, one_line

_OPEN_SECONDS = 8.0
"""Happy Eyeballs tries several addresses in this time; people wait at most this long for an answer."""
_PING_SECONDS = 10.0
"""A dead connection is noticed after at most two of these, so within half a minute."""
_CLOSE_SECONDS = 1.0
"""The server has this long to answer a close frame; leaving the chat should feel immediate."""
_PROBE_SECONDS = 3.0
"""A server in a busy Wi-Fi answers a ping well within this time."""
_RECONNECTS = 4000
"""Close code that tells the server that this is no goodbye: the client reconnects by itself."""
_QUEUED_FRAMES = 1
"""One frame may be as large as MAX_EVENT_BYTES; small ones come many at once in one read anyway."""
_WORK_SECONDS = 0.004
"""How long events are processed at a stretch before an equally long rest: a quarter of a frame at 60 Hz."""
_REASON_CHARS = 160
"""The sentence has to fit a notice."""
_SERVER_FAULTS = {
    1002: "frames that are none of WebSocket",
    1007: "letters that are none of Unicode",
    CloseCode.TOO_BIG: "more at once than ChatDesk reads",
}
"""Close codes that this client sends because of what the server has sent."""
_HTTP_PORT = 80  # where the URL names none

_websockets_logger = logging.getLogger(f"{__name__}.frames")
_websockets_logger.setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class CloseReason:
    """Why a connection has ended; ``may_reconnect``: the client may come back by itself; ``busy``: but not soon.

    ``goodbye``: the host has closed the chat, and said so. ``untrusted``: it shows another key than the known one.
    ``token_needed``: it asks for a token that is valid.
    """

    sentence: str
    may_reconnect: bool = True
    busy: bool = False
    goodbye: bool = False
    untrusted: bool = False
    token_needed: bool = False


UNTRUSTED = CloseReason("This host shows another key than before.", may_reconnect=False, untrusted=True)
"""Nothing was sent to it."""
PROBE_FAILED = CloseReason("Nobody answers any more.")
"""The connection did not answer a probe."""


class _NoRedirects(connect):
    """Connects to the address that the person has named, and to no other."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class Connection:
    """A connection to the server at ``url``. Create it on a running loop.

    ``authority`` is the certificate of the chat's own that is trusted there, in DER; without one, what this computer
    trusts. ``place_token`` makes one for a place in a full chat, for the chat's own machine.
    """

    def __init__(self, url: str, authority: bytes = b"", place_token: Callable[[], str] | None = None) -> None:
        self._url = url
        self._authority = authority
        self._place_token = place_token
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._open = False
        self.endpoint: tuple[str, int] | None = None
        """Where the server is reached, in the form that a proof signs (``chatdesk.protocol.proof``); None before it is.
        """
        self._reason = CloseReason("The connection is closed.")
        self._ended = asyncio.Event()
        self._probe_requested = asyncio.Event()

    def send(self, command: commands.Command) -> None:
        """Send a command, as soon as the connection is open."""
        self._outgoing.put_nowait(codec.encode(command))

    def probe(self) -> None:
        """Check that the server still answers: without an answer within three seconds the connection is closed."""
        self._probe_requested.set()

    def close(self, reason: CloseReason) -> None:
        """Close the connection with ``reason``, unless it has ended already."""
        if not self._ended.is_set():
            self._reason = reason
            self._ended.set()

    async def run(self, receive: Callable[[events.Event], None]) -> CloseReason:
        """Connect, pass events to ``receive`` and queued commands to the server, until either side closes.

        ``receive`` may raise InvalidEventError. Returns why the connection has ended.
        """
        async with asyncio.TaskGroup() as tasks:
            communication = tasks.create_task(self._communicate(receive))
            await self._ended.wait()
            if not self._open:
                communication.cancel()
        return self._reason

    async def _communicate(self, receive: Callable[[events.Event], None]) -> None:
        try:
            trust = await asyncio.to_thread(self._context) if self._url.startswith("wss:") else None
            async with self._connect(trust) as socket, _closing_when_cancelled(socket), asyncio.TaskGroup() as tasks:
                self._open = True
                address, port, *_ = socket.remote_address
                by_proxy = self._url.startswith("wss:") and not self._authority
                self.endpoint = (
                    (canonical_url(chat_page_url(self._url)), 0) if by_proxy else (canonical_address(address), port)
                )
                directions = (
                    tasks.create_task(self._send_all(socket)),
                    tasks.create_task(self._receive_all(socket, receive)),
                    tasks.create_task(self._probe_when_in_doubt(socket)),
                )
                await self._ended.wait()
                for direction in directions:
                    direction.cancel()
                if self._reason.may_reconnect:
                    await socket.close(_RECONNECTS)
        except (OSError, InvalidHandshake, InvalidURI) as error:
            self.close(await self._connect_failure(error))

    def _context(self) -> ssl.SSLContext:
        return trusting_context(self._authority) if self._authority else system_tls_context()

    def _connect(self, trust: ssl.SSLContext | None) -> connect:
        return _NoRedirects(
            self._url,
            additional_headers={"Authorization": f"Bearer {self._place_token()}"} if self._place_token else None,
            ssl=trust,
            proxy=None,
            compression=None,
            open_timeout=_OPEN_SECONDS,
            ping_interval=_PING_SECONDS,
            ping_timeout=_PING_SECONDS,
            close_timeout=_CLOSE_SECONDS,
            max_size=MAX_EVENT_BYTES,
            max_queue=(_QUEUED_FRAMES, 0),
            create_connection=ThrottledConnection,
            happy_eyeballs_delay=next_address_delay(urlsplit(self._url).hostname or ""),
            logger=_websockets_logger,
        )

    async def _send_all(self, socket: ClientConnection) -> None:
        try:
            while True:
                await socket.send(await self._outgoing.get(), text=True)
        except ConnectionClosed:
            return  # _receive_all sees it too, and knows the reason

    async def _probe_when_in_doubt(self, socket: ClientConnection) -> None:
        try:
            while True:
                await self._probe_requested.wait()
                self._probe_requested.clear()
                async with asyncio.timeout(_PROBE_SECONDS):
                    await (await socket.ping())
        except TimeoutError:
            self.close(PROBE_FAILED)
        except ConnectionClosed:
            return  # _receive_all sees it too, and knows the reason

    async def _receive_all(self, socket: ClientConnection, receive: Callable[[events.Event], None]) -> None:
        work = _PacedWork()
        try:
            while not self._ended.is_set():
                event = await work.run(_decode, await socket.recv(decode=False))
                if event is not None:
                    event = await work.run(_check, event)
                    if not self._ended.is_set():
                        await work.run(receive, event)
        except ConnectionClosed as closed:
            self.close(_reason_of(closed))
        except InvalidEventError as error:
            self.close(rules_broken(str(error)))

    async def _connect_failure(self, error: Exception) -> CloseReason:
        """Why no WebSocket could be opened."""
        parts, failure = urlsplit(self._url), _failure(error)
        if self._authority and isinstance(failure, ssl.SSLCertVerificationError):
            return UNTRUSTED
        wants_tls = parts.scheme == "ws" and may_want_tls(failure)
        wants_tls = wants_tls and await speaks_tls(parts.hostname or "", parts.port or _HTTP_PORT)
        sentence, busy = explain_failure(failure, self._url, wants_tls=wants_tls)
        return CloseReason(sentence, busy=busy)


def ended_by(reason: CloseReason) -> Ended:
    """The status after a connection that ended for good."""
    return Ended(reason.sentence, untrusted=reason.untrusted, token_needed=reason.token_needed)


def close_reason(code: int | None) -> CloseReason:
    """Why a connection has ended that the host closed with ``code``; None for a broken line."""
    if code == CloseCode.GOING_AWAY:
        return CloseReason("The host has closed the chat.", goodbye=True)
    if code is None or may_reconnect(code):
        return CloseReason("The connection is lost.", busy=code == CloseCode.TRY_LATER)
    if code == CloseCode.EXPIRED:
        sentence = "Your sign-in to this chat has expired: sign in again."
        return CloseReason(sentence, may_reconnect=False, token_needed=True)
    if code == CloseCode.UNAUTHORIZED:
        sentence = "Your token no longer opens this chat: ask its host for a new one."
        return CloseReason(sentence, may_reconnect=False, token_needed=True)
    return CloseReason("The host has ended this connection.", may_reconnect=False)


def _reason_of(closed: ConnectionClosed) -> CloseReason:
    if closed.sent and not closed.rcvd_then_sent and closed.sent.code in _SERVER_FAULTS:
        return rules_broken(_SERVER_FAULTS[closed.sent.code])
    return close_reason(closed.rcvd.code if closed.rcvd else None)


def rules_broken(violation: str) -> CloseReason:
    """The host breaks the protocol: reconnecting would only bring the same again."""
    violation = isolated(one_line(violation, _REASON_CHARS))
    sentence = f"This host sends {violation}: ChatDesk has left the chat. Tell its host to start ChatDesk again there."
    return CloseReason(sentence, may_reconnect=False)


@asynccontextmanager
async def _closing_when_cancelled(socket: ClientConnection) -> AsyncIterator[None]:
    """A task that is cancelled, as when the program ends, sends its close frame and does not wait for an answer."""
    try:
        yield
    except asyncio.CancelledError:
        await socket.close(CloseCode.LEFT)
        raise


def _failure(error: Exception) -> Exception | HttpResponse:
    """What went wrong, without exceptions of the WebSocket library."""
    if not isinstance(error, InvalidStatus):
        return error
    response = error.response
    headers = {name.lower(): value for name, value in response.headers.raw_items()}
    return HttpResponse(response.status_code, headers, bytes(response.body or b""))


def read_event(data: bytes) -> events.Event | None:
    """Return the event that a host sends, checked and safe to show; None for an event of a later version.

    Raises InvalidEventError.
    """
    event = _decode(data)
    return None if event is None else _check(event)


def _decode(data: bytes) -> events.Event | None:
    try:
        return codec.decode_event(data)
    except ValueError as error:
        raise InvalidEventError(str(error)) from error


def _check(event: events.Event) -> events.Event:
    validate(event)
    return sanitize(event)


class _PacedWork:
    """Work on events in steps, with rests in between: recv() does not yield while frames are waiting."""

    def __init__(self) -> None:
        self._seconds = 0.0

    async def run[Argument, Result](self, function: Callable[[Argument], Result], argument: Argument) -> Result:
        """Do a step, and then rest if enough seconds were spent since the last rest; returns what the step made."""
        started = time.monotonic()
        result = function(argument)
        self._seconds += time.monotonic() - started
        if self._seconds > _WORK_SECONDS:
            await asyncio.sleep(_WORK_SECONDS)
            self._seconds = 0.0
        return result
