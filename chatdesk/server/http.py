"""A fresh connection: it speaks HTTP until it asks to become a WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
from email.utils import formatdate
from http import HTTPStatus
from typing import Protocol, cast

import h11
from websockets.datastructures import Headers
from websockets.exceptions import InvalidHeader
from websockets.http11 import Request
from websockets.server import ServerProtocol

from chatdesk.ip import end_address, owner_of
from chatdesk.protocol.codec import encode
from chatdesk.protocol.errors import CloseCode
from chatdesk.server.access import Access
from chatdesk.server.astray import GOODBYE, sent_astray
from chatdesk.server.cookies import tokens_in
from chatdesk.server.head import HEAD_BYTES, BadHeadError, HeadReader
from chatdesk.server.rate import Rate, TokenBucket
from chatdesk.server.reach_pages import Visit
from chatdesk.server.refused import refuse, values
from chatdesk.server.response import Response, plain
from chatdesk.server.shares import Hold, Intake, Shares
from chatdesk.server.site import WEBSOCKET_PATH, Site
from chatdesk.server.target import in_origin_form

_MAX_HEADERS = 100
_REQUESTS = Rate(per_second=50, burst=40)
_REST_SECONDS = 0.25


class Door(Protocol):
    """What a fresh connection asks of the server."""

    site: Site
    access: Access
    shares: Shares
    buffer: bytearray
    """Where every connection's bytes arrive, one connection at a time."""
    sink: bytearray
    """Where those arrive that nobody looks at: more of them at once."""

    def refusal(self, owner: str) -> str | None:
        """Why no WebSocket can be opened now for this computer."""

    def opened(self, connection: HttpConnection) -> None: ...

    def closed(self, connection: HttpConnection) -> None: ...

    def upgraded(self, intake: Intake, early: bytes, tokens: tuple[str, ...]) -> None:
        """The connection is a WebSocket now; ``early`` is what the peer sent behind its handshake."""


class HttpConnection(asyncio.BufferedProtocol):
    """Answers requests, or hands the connection on. Ends what is not HTTP, too large or too slow.

    Nobody here needs a request's body: whoever announces one is refused by the head, before any of it is looked at.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
        self._heads = HeadReader()
        self._without_body = False
        self._closing = False
        self._budget = TokenBucket(_REQUESTS)
        self._loop = asyncio.get_running_loop()
        self.since = self._loop.time()
        """When it came, or last got an answer: whoever is silent too long from then on is closed."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.owner = owner_of(end_address(transport.get_extra_info("peername")))
        """Whose it is: the computer's address, or the network's that it may have many addresses of."""
        self._intake = Intake(self._door.shares, self._transport, self._proceed, self.owner)
        self._door.opened(self)
        self._intake.came()

    def connection_lost(self, exc: Exception | None) -> None:
        self._intake.close()
        self._door.closed(self)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._door.sink if self._closing else self._door.buffer

    def buffer_updated(self, nbytes: int) -> None:
        buffer = self.get_buffer(nbytes)
        if not self._closing:
            self._heads.add(bytes(memoryview(buffer)[:nbytes]))
        # else it is read, so that the answer before it is not torn off, and dropped
        self._intake.took(nbytes, whole_buffer=nbytes == len(buffer))

    def pause_writing(self) -> None:
        self._intake.hold(Hold.DEAF)

    def resume_writing(self) -> None:
        self._intake.release(Hold.DEAF)

    def eof_received(self) -> bool:
        return False

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    def _proceed(self) -> bool:
        """Answer a request; False when there is none to answer for now."""
        try:
            return not self._closing and self._step()
        except BadHeadError as error:
            if error.response is None:
                self.abort()
            else:
                self._end(error.response)
        except h11.RemoteProtocolError as error:
            self._end(plain(HTTPStatus(error.error_status_hint), f"This is no proper request: {error}."))
        return False

    def _step(self) -> bool:
        head = self._heads.take()
        if head is None:
            return False
        self._without_body = head.startswith(b"HEAD ")  # h11 may know so of a request that it then refuses
        self._http.receive_data(head)
        event = cast(h11.Request, self._http.next_event())
        request = in_origin_form(event, self._door.site.inside)
        if refused := self._refuse(request):
            self._end(refused)
        elif _wants_websocket(request):
            self._upgrade(request)
        else:
            self._answer(request)
        return True

    def _refuse(self, request: h11.Request) -> Response | None:
        if len(request.headers) > _MAX_HEADERS:
            return plain(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "There are too many header fields.")
        refused = refuse(request, self._door.access, end_address(self._transport.get_extra_info("sockname")))
        if refused:
            return refused
        if request.method not in (b"GET", b"HEAD"):  # now, not after a body that may be long
            return self._door.site.answer(request.method.decode(), request.target.decode())
        return _refuse_body(request)

    def _answer(self, request: h11.Request) -> None:
        """Answer a request, and wait for the next one."""
        self._http.next_event()  # its end, since it has no body
        tags, encodings = (", ".join(values(request, name)) for name in (b"if-none-match", b"accept-encoding"))
        method, target = request.method.decode(), request.target.decode()
        answer = self._door.site.answer(method, target, tags, self._visit(request), encodings)
        self._send(answer)
        self.since = self._loop.time()
        if not self._budget.take(self.since):
            self._rest()
        if self._http.our_state is h11.MUST_CLOSE:
            self._transport.close()
            self._closing = True
        else:
            self._http.start_next_cycle()

    def _visit(self, request: h11.Request) -> Visit:
        """How the request has come."""
        own, peer = (end_address(self._transport.get_extra_info(name)) for name in ("sockname", "peername"))
        proofs = values(request, b"authorization")
        return Visit(own, peer, proofs[0] if len(proofs) == 1 else "")

    def _rest(self) -> None:
        """So many requests at once: the next one waits a moment, so that nobody else has to."""
        self._intake.hold(Hold.FLOOD)
        self._loop.call_later(_REST_SECONDS, self._intake.release, Hold.FLOOD)

    def _upgrade(self, request: h11.Request) -> None:
        """Hand the connection on, or say why it stays what it is."""
        path = request.target.decode().partition("?")[0]
        astray = path != WEBSOCKET_PATH
        reason = None if astray else self._door.refusal(self.owner)
        if reason:
            return self._end(plain(HTTPStatus.SERVICE_UNAVAILABLE, reason, ("Retry-After", "10")))
        try:
            headers = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers])
        except InvalidHeader:
            return self._end(plain(HTTPStatus.BAD_REQUEST, "A header field has characters that do not belong there."))
        handshake = ServerProtocol()
        response = handshake.accept(Request(request.target.decode("latin-1"), headers))
        handshake.send_response(response)
        if astray and response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            handshake.send_text(encode(sent_astray(path, values(request, b"host")[0], self._door.site.public_url)))
            handshake.send_close(CloseCode.RULES_BROKEN, GOODBYE)
        self._transport.write(b"".join(handshake.data_to_send()))
        if astray or response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            return self._linger()
        self._closing = True  # for this protocol: another one takes over
        self._door.closed(self)
        self._door.upgraded(self._intake, self._heads.rest(), tokens_in(values(request, b"cookie")))
        return None

    def _end(self, response: Response) -> None:
        """Answer, and take no further request on this connection."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return self.abort()
        head = self._head_of(response, ("Connection", "close"))
        # h11 may have refused the request before it knew the method, and counts the bytes of the answer by that.
        self._transport.write(head if self._without_body else head + response.body)
        return self._linger()

    def _linger(self) -> None:
        """Close our side; the peer's is read until it closes too, or its time is over."""
        self._closing = True
        self._heads = HeadReader()
        self._http = h11.Connection(h11.SERVER)
        with contextlib.suppress(OSError, RuntimeError):  # it may have gone already
            self._transport.write_eof()

    def _send(self, response: Response) -> None:
        parts = [self._head_of(response)]
        if response.body and not self._without_body:
            parts.append(self._http.send(h11.Data(data=response.body)) or b"")
        parts.append(self._http.send(h11.EndOfMessage()) or b"")
        self._transport.write(b"".join(parts))

    def _head_of(self, response: Response, *headers: tuple[str, str]) -> bytes:
        fields = [*response.all_headers(), ("Date", formatdate(usegmt=True)), *headers]
        head = h11.Response(status_code=response.status, reason=response.status.phrase, headers=fields)
        return self._http.send(head) or b""


def _wants_websocket(request: h11.Request) -> bool:
    """Whether a WebSocket is asked for; where none is, it takes a key to mean it: proxies add ``Upgrade`` to pages."""
    if request.method != b"GET" or "websocket" not in ",".join(values(request, b"upgrade")).lower():
        return False
    path = request.target.decode().partition("?")[0]
    return path == WEBSOCKET_PATH or bool(values(request, b"sec-websocket-key"))


def _refuse_body(request: h11.Request) -> Response | None:
    if values(request, b"transfer-encoding") or any(length != "0" for length in values(request, b"content-length")):
        return plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A request here has no body.")
    if values(request, b"expect"):
        return plain(HTTPStatus.EXPECTATION_FAILED, "There is nothing to expect: a request here has no body.")
    return None
