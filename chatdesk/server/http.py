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

from chatdesk.ip import end_address
from chatdesk.protocol.codec import encode
from chatdesk.protocol.errors import CloseCode
from chatdesk.server.access import Access
from chatdesk.server.astray import GOODBYE, sent_astray
from chatdesk.server.head import HEAD_BYTES, BadHeadError, HeadReader
from chatdesk.server.rate import Rate, TokenBucket
from chatdesk.server.reach_pages import Visit
from chatdesk.server.refused import refuse, values
from chatdesk.server.response import Response, plain
from chatdesk.server.site import WEBSOCKET_PATH, Site
from chatdesk.server.target import in_origin_form

_MAX_HEADERS = 100
_REQUESTS = Rate(per_second=50, burst=40)
_REST_SECONDS = 0.25


class Door(Protocol):
    """What a fresh connection asks of the server."""

    site: Site
    access: Access
    buffer: bytearray
    """Where every connection's bytes arrive, one connection at a time."""

    def refusal(self) -> str | None:
        """Why no WebSocket can be opened now."""

    def opened(self, connection: HttpConnection) -> None: ...

    def closed(self, connection: HttpConnection) -> None: ...

    def upgraded(self, transport: asyncio.Transport, early: bytes) -> None:
        """The connection is a WebSocket now; ``early`` is what the peer sent behind its handshake."""


class HttpConnection(asyncio.BufferedProtocol):
    """Answers requests, or hands the connection on. Ends what is not HTTP, too large or too slow.

    Nobody here needs a request's body: whoever announces one is refused by the head, before any of it is looked at.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
        self._heads = HeadReader()
        self._request: h11.Request | None = None
        self._closing = False
        self._writable = True
        self._budget = TokenBucket(_REQUESTS)
        self._resting = False
        self._loop = asyncio.get_running_loop()
        self.since = self._loop.time()
        """When it came, or last got an answer: whoever is silent too long from then on is closed."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._door.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._door.closed(self)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._door.buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._closing:
            return  # what comes behind a refused request is read, so that the answer is not torn off, and dropped
        self._heads.add(bytes(memoryview(self._door.buffer)[:nbytes]))
        self._proceed()

    def pause_writing(self) -> None:
        self._writable = False
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._writable = True
        self._read_on()

    def eof_received(self) -> bool:
        return False

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    def _proceed(self) -> None:
        """Answer what has come, for as long as the peer takes the answers."""
        try:
            while self._writable and not self._resting and not self._closing and self._step():
                pass
        except BadHeadError as error:
            if error.response is None:
                return self.abort()
            self._end(error.response)
        except h11.RemoteProtocolError as error:
            self._end(plain(HTTPStatus(error.error_status_hint), f"This is no proper request: {error}."))
        return None

    def _step(self) -> bool:
        """Take one request; False when there is none to come for now."""
        head = self._heads.take()
        if head is None:
            return False
        self._http.receive_data(head)
        event = cast(h11.Request, self._http.next_event())
        self._request = request = in_origin_form(event, self._door.site.inside)
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
        self._request = None
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
        self._resting = True
        self._transport.pause_reading()
        self._loop.call_later(_REST_SECONDS, self._rested)

    def _rested(self) -> None:
        self._resting = False
        self._read_on()

    def _read_on(self) -> None:
        if self._writable and not self._resting and not self._transport.is_closing():
            self._transport.resume_reading()
            self._proceed()

    def _upgrade(self, request: h11.Request) -> None:
        """Hand the connection on, or say why it stays what it is."""
        path = request.target.decode().partition("?")[0]
        astray = path != WEBSOCKET_PATH
        reason = None if astray else self._door.refusal()
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
        self._door.upgraded(self._transport, self._heads.rest())
        return None

    def _end(self, response: Response) -> None:
        """Answer, and take no further request on this connection."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return self.abort()
        self._send(response, ("Connection", "close"))
        return self._linger()

    def _linger(self) -> None:
        """Close our side; the peer's is read until it closes too, or its time is over."""
        self._closing = True
        self._heads = HeadReader()
        self._http = h11.Connection(h11.SERVER)
        with contextlib.suppress(OSError, RuntimeError):  # it may have gone already
            self._transport.write_eof()

    def _send(self, response: Response, *headers: tuple[str, str]) -> None:
        fields = [*response.all_headers(), ("Date", formatdate(usegmt=True)), *headers]
        head = h11.Response(status_code=response.status, reason=response.status.phrase, headers=fields)
        without_body = self._request is not None and self._request.method == b"HEAD"
        parts = [self._http.send(head)]
        if response.body and not without_body:
            parts.append(self._http.send(h11.Data(data=response.body)))
        parts.append(self._http.send(h11.EndOfMessage()))
        self._transport.write(b"".join(part for part in parts if part))


def _wants_websocket(request: h11.Request) -> bool:
    upgrades = b",".join(value for name, value in request.headers if name == b"upgrade").lower()
    return request.method == b"GET" and b"websocket" in upgrades


def _refuse_body(request: h11.Request) -> Response | None:
    if values(request, b"transfer-encoding") or any(length != "0" for length in values(request, b"content-length")):
        return plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A request here has no body.")
    if values(request, b"expect"):
        return plain(HTTPStatus.EXPECTATION_FAILED, "There is nothing to expect: a request here has no body.")
    return None
