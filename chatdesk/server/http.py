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

from chatdesk.server.access import Access
from chatdesk.server.rate import Rate, TokenBucket
from chatdesk.server.reach_pages import Visit
from chatdesk.server.response import Response, plain
from chatdesk.server.site import WEBSOCKET_PATH, Site

HEAD_BYTES = 8 * 1024
_TARGET_BYTES = 2048
_MAX_HEADERS = 100
_REQUESTS = Rate(per_second=50, burst=40)
_REST_SECONDS = 0.25
_TLS_HANDSHAKE = b"\x16"


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
    """Answers requests, or hands the connection on. Ends what is not HTTP, too large or too slow."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
        self._head = bytearray()
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
        data = bytes(memoryview(self._door.buffer)[:nbytes])
        if self._closing:
            return  # what comes behind a refused request is read, so that the answer is not torn off, and dropped
        if self._request is None and not self._acceptable(data):
            return
        self._http.receive_data(data)
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

    def _acceptable(self, data: bytes) -> bool:
        """Look at the head as it comes in, before h11 is asked to be generous about it."""
        self._head += data
        head, _, _ = self._head.partition(b"\r\n\r\n")
        if head[:1] == _TLS_HANDSHAKE or head.count(b"\n") != head.count(b"\r\n"):
            self.abort()
            return False
        line, _, _ = head.partition(b"\r\n")
        if len(line) > _TARGET_BYTES:
            self._end(plain(HTTPStatus.REQUEST_URI_TOO_LONG, "The address is too long."))
            return False
        if len(head) > HEAD_BYTES:
            self._end(plain(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The header is too large."))
            return False
        return True

    def _proceed(self) -> None:
        """Answer what has come, for as long as the peer takes the answers."""
        try:
            while self._writable and not self._resting and not self._closing and self._step():
                pass
        except h11.RemoteProtocolError as error:
            self._end(plain(HTTPStatus(error.error_status_hint), f"This is no proper request: {error}."))

    def _step(self) -> bool:
        """Take one event; False when there is none to come for now."""
        event = self._http.next_event()
        if isinstance(event, h11.Request):
            self._request = event
            return not self._begin(event)
        if isinstance(event, h11.EndOfMessage):
            self._finish()
        elif event is h11.NEED_DATA:
            return False
        elif not isinstance(event, h11.Data):  # nobody here needs a body
            self._transport.close()
            return False
        return True

    def _begin(self, request: h11.Request) -> bool:
        """Refuse or upgrade; True once the connection is no longer ours."""
        refused = self._refuse(request)
        if refused:
            self._end(refused)
        elif self._wants_websocket(request):
            return self._upgrade(request)
        return False

    def _refuse(self, request: h11.Request) -> Response | None:
        hosts, origins = _values(request, b"host"), _values(request, b"origin")
        if len(request.headers) > _MAX_HEADERS:
            return plain(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "There are too many header fields.")
        if len(hosts) != 1 or len(origins) > 1:
            return plain(HTTPStatus.BAD_REQUEST, "A request has one Host, and at most one Origin.")
        local_address = self._transport.get_extra_info("sockname")[0]
        if not self._door.access.allows(hosts[0], origins[0] if origins else None, local_address):
            return plain(HTTPStatus.FORBIDDEN, "This address does not belong to this chat: use the one its host shows.")
        if request.method not in (b"GET", b"HEAD"):  # now, not after a body that may be long
            return self._door.site.answer(request.method.decode(), request.target.decode())
        return None

    def _finish(self) -> None:
        """Answer a whole request, and wait for the next one."""
        request = cast(h11.Request, self._request)
        tags = ", ".join(_values(request, b"if-none-match"))
        answer = self._door.site.answer(request.method.decode(), request.target.decode(), tags, self._visit(request))
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
            self._head = bytearray(self._http.trailing_data[0])

    def _visit(self, request: h11.Request) -> Visit:
        """How the request has come."""
        own, peer = (self._transport.get_extra_info(name) for name in ("sockname", "peername"))
        proofs = _values(request, b"authorization")
        return Visit(own[0], peer[0] if peer else "", proofs[0] if len(proofs) == 1 else "")

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

    def _wants_websocket(self, request: h11.Request) -> bool:
        upgrades = b",".join(value for name, value in request.headers if name == b"upgrade").lower()
        path = request.target.partition(b"?")[0]
        return request.method == b"GET" and path == WEBSOCKET_PATH.encode() and b"websocket" in upgrades

    def _upgrade(self, request: h11.Request) -> bool:
        reason = self._door.refusal()
        if reason:
            self._end(plain(HTTPStatus.SERVICE_UNAVAILABLE, reason, ("Retry-After", "10")))
            return False
        try:
            headers = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers])
        except InvalidHeader:
            self._end(plain(HTTPStatus.BAD_REQUEST, "A header field has characters that do not belong there."))
            return False
        handshake = ServerProtocol()
        response = handshake.accept(Request(request.target.decode("latin-1"), headers))
        handshake.send_response(response)
        self._transport.write(b"".join(handshake.data_to_send()))
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            self._linger()
            return False
        early = bytes(self._http.trailing_data[0])
        self._door.closed(self)
        self._door.upgraded(self._transport, early)
        return True

    def _end(self, response: Response) -> None:
        """Answer, and take no further request on this connection."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return self.abort()
        self._send(response, ("Connection", "close"))
        return self._linger()

    def _linger(self) -> None:
        """Close our side; the peer's is read until it closes too, or its time is over."""
        self._closing = True
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


def _values(request: h11.Request, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in request.headers if key == name]
