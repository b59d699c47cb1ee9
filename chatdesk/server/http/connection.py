"""A new connection: it speaks HTTP until it asks to become a WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
from email.utils import formatdate
from http import HTTPStatus
from math import ceil, inf
from typing import Protocol, cast

import h11

from chatdesk.ip import endpoint_address
from chatdesk.log.hook_file import Hook
from chatdesk.protocol.codec import encode
from chatdesk.protocol.errors import CloseCode
from chatdesk.server.auth import Principal
from chatdesk.server.fair_scheduler import FairScheduler
from chatdesk.server.frames import text_frame
from chatdesk.server.http import handshake
from chatdesk.server.http.bearer import HandshakeSignIn
from chatdesk.server.http.cookies import read_cookie_tokens
from chatdesk.server.http.deferred import DeferredEndpoints
from chatdesk.server.http.hook_endpoint import HookEndpoint
from chatdesk.server.http.origin_check import OriginCheck
from chatdesk.server.http.plain_requests import EncryptionRules
from chatdesk.server.http.reachability_endpoints import RequestSource
from chatdesk.server.http.request import Request, decode
from chatdesk.server.http.request_checks import check_request
from chatdesk.server.http.request_head import HEAD_BYTES, BadHeadError, RequestHeadReader
from chatdesk.server.http.response import Response, text_response
from chatdesk.server.http.routes import WEBSOCKET_PATH, Routes
from chatdesk.server.http.trusted_proxies import TrustedProxies, UnclearOriginError
from chatdesk.server.http.wrong_address import CLOSE_REASON, wrong_address_error
from chatdesk.server.places import REFUSED_AFTER_SECONDS, Refusal
from chatdesk.server.rate_limits import Rate, TokenBucket
from chatdesk.server.scheduled_reader import PauseReason, ScheduledReader

_MAX_HEADERS = 100
"""Several times what a browser behind proxies sends."""
_REQUEST_RATE = Rate(per_second=50, burst=40)
"""A page with all its files takes a dozen requests; a proxy may send those of several people over one connection."""
_PAUSE_SECONDS = 0.25
"""How long nothing is read from a connection that exceeds the rate."""
_UNCLEAR_ORIGIN = "The proxy before the chat does not say clearly from where this request comes."
_TOO_MANY_REQUESTS = "Too many requests came from your network just now: wait a moment and try again."


class NewConnection(Protocol):
    """A connection that is no WebSocket yet."""

    network: str
    idle_since: float

    def was_held_back(self) -> bool:
        """Whether its silence proves nothing, as it waits for the server to go on reading."""

    def abort(self) -> None:
        """Close at once, without an answer."""


class HttpHost(Protocol):
    """What an HTTP connection needs from the server."""

    routes: Routes
    hooks: HookEndpoint
    deferred: DeferredEndpoints
    origin_check: OriginCheck
    encryption: EncryptionRules | None
    """What is refused without encryption; None if nothing is encrypted."""
    proxies: TrustedProxies
    sign_in: HandshakeSignIn
    scheduler: FairScheduler
    buffer: bytearray
    """The buffer into which all connections read, one at a time."""
    discard_buffer: bytearray
    """A larger buffer for data that is dropped."""

    def websocket_refusal(self, network: str, *, of_host: bool) -> Refusal | None:
        """Why this network, or a command ``of_host``, cannot open a WebSocket now; None if it can."""

    def request_wait(self, network: str) -> float:
        """Seconds for which a network has to wait after a request; 0 if it asks no more than it may."""

    def http_opened(self, connection: NewConnection) -> None: ...

    def http_closed(self, connection: NewConnection) -> None: ...

    def http_handed_over(self, connection: NewConnection) -> None:
        """The connection goes on with another protocol: HTTP after the first bytes, or a WebSocket."""

    def upgraded(
        self, reader: ScheduledReader, early: bytes, cookie_tokens: tuple[str, ...], signed_in: Principal | None
    ) -> None:
        """The connection is a WebSocket now; ``early`` are bytes that came together with the handshake.

        ``signed_in`` is whom its token proves.
        """


class HttpConnection(asyncio.BufferedProtocol):
    """Answers requests, or hands the connection over to a WebSocket. Closes what is not HTTP or too large.

    Only a post to a hook has a body, of a bounded length. Any other request that announces one is refused by its head,
    before any of the body is parsed.
    """

    def __init__(self, host: HttpHost, reader: ScheduledReader | None = None) -> None:
        """``reader`` is that of a connection whose first bytes have been read already."""
        self._host = host
        self._given_reader = reader
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
        self._heads = RequestHeadReader()
        self._without_body = False
        self._awaited: tuple[Hook, int] | None = None
        """The hook for which a body is to come, and its size in bytes."""
        self._waits_for_keys = False
        """Whether a handshake waits for the keys that may check its token."""
        self._closing = False
        self._request_limit = TokenBucket(_REQUEST_RATE)
        self._loop = asyncio.get_running_loop()
        self.idle_since = self._loop.time()
        """When it was accepted or last answered, in the loop's time; the heartbeat closes it if nothing follows."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._peer = endpoint_address(transport.get_extra_info("peername"))
        self._address = self._peer
        """From where the present request comes: the peer, or the one that a trusted proxy names."""
        self.network = self._host.proxies.network(self._peer)
        """The peer's IPv4 address, or the network of its IPv6 address, of which one computer has many."""
        self._host.http_opened(self)
        if self._given_reader:
            self._reader = self._given_reader
            self._reader.set_process(self._process)
        else:
            self._reader = ScheduledReader(self._host.scheduler, self._transport, self._process, self.network)
            self._reader.opened()

    def connection_lost(self, exc: Exception | None) -> None:
        self._reader.close()
        self._host.http_closed(self)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._host.discard_buffer if self._closing else self._host.buffer

    def receive(self, data: bytes) -> None:
        """Take the first bytes of a connection that were read before it was known to be HTTP."""
        self._heads.add(data)

    def buffer_updated(self, nbytes: int) -> None:
        buffer = self.get_buffer(nbytes)
        if not self._closing:
            self._heads.add(bytes(memoryview(buffer)[:nbytes]))
        # else it is dropped; if it stayed unread, the system would cut off the answer before it
        self._reader.bytes_read(nbytes, whole_buffer=nbytes == len(buffer))

    def pause_writing(self) -> None:
        self._reader.pause(PauseReason.SLOW_READER)

    def resume_writing(self) -> None:
        self._reader.resume(PauseReason.SLOW_READER)

    def eof_received(self) -> bool:
        return False

    def was_held_back(self) -> bool:
        """See ``NewConnection``."""
        return self._reader.was_held_back()

    def abort(self) -> None:
        """Close at once, without an answer."""
        self._transport.abort()

    def _process(self) -> bool:
        """Answer the next request. Returns False if there is none yet."""
        try:
            if self._closing or self._waits_for_keys:
                return False
            return self._next_body(*self._awaited) if self._awaited else self._next_request()
        except BadHeadError as error:
            if error.response is None:
                self.abort()
            else:
                self._end(error.response)
        except h11.RemoteProtocolError as error:
            self._end(text_response(HTTPStatus(error.error_status_hint), f"This is no proper request: {error}."))
        return False

    def _next_request(self) -> bool:
        head = self._heads.next_head()
        if head is None:
            return False
        self._without_body = head.startswith(b"HEAD ")  # h11 does not tell the method of a request that it refuses
        self._http.receive_data(head)
        request = decode(cast(h11.Request, self._http.next_event()), self._host.routes.strip_public_path)
        try:
            self._address = self._host.proxies.address(request, self._peer)
        except UnclearOriginError:
            self._end(text_response(HTTPStatus.BAD_REQUEST, _UNCLEAR_ORIGIN))
            return True
        if refused := self._refuse(request):
            self._end(refused)
        elif handshake.wants_websocket(request):
            self._upgrade_once_keys_are_there(request)
        elif HookEndpoint.serves(request):
            self._await_body(request)
        elif self._host.deferred.serves(request.path):
            self._answer_later(request)
        else:
            self._answer(request)
        return True

    def _refuse(self, request: Request) -> Response | None:
        if sum(map(len, request.fields.values())) > _MAX_HEADERS:
            return text_response(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "There are too many header fields.")
        refused = check_request(
            request, self._host.origin_check, endpoint_address(self._transport.get_extra_info("sockname"))
        )
        refused = refused or self._refuse_unencrypted(request)
        if refused:
            return refused
        if HookEndpoint.serves(request):
            return self._host.hooks.refuse(request)
        if request.method not in ("GET", "HEAD"):  # now, not after a body that may be long
            return self._host.routes.respond(request.method, request.target)
        return _refuse_body(request)

    def _refuse_unencrypted(self, request: Request) -> Response | None:
        rules = self._host.encryption
        if rules is None:
            return None
        peer, own = (endpoint_address(self._transport.get_extra_info(name)) for name in ("peername", "sockname"))
        return rules.refusal(request, peer, own, encrypted=self._transport.get_extra_info("ssl_object") is not None)

    def _answer(self, request: Request) -> None:
        """Answer a request, and keep the connection for the next one."""
        self._http.next_event()  # the end of the request, since it has no body
        tags, encodings = (", ".join(request.values(name)) for name in ("if-none-match", "accept-encoding"))
        wait = self._host.request_wait(self._host.proxies.network(self._address))
        if wait > REFUSED_AFTER_SECONDS:
            answer = _too_many(wait)
        else:
            answer = self._host.routes.respond(request.method, request.target, tags, self._source(request), encodings)
        self._send(answer)
        self.idle_since = self._loop.time()
        if wait or not self._request_limit.acquire(self.idle_since):
            self._pause_flood(wait or _PAUSE_SECONDS)
        if self._http.our_state is h11.MUST_CLOSE:
            self._transport.close()
            self._closing = True
        else:
            self._http.start_next_cycle()

    def _answer_later(self, request: Request) -> None:
        """Answer a request once the answer is there. It is the connection's last one."""
        wait = self._host.request_wait(self._host.proxies.network(self._address))
        if wait > REFUSED_AFTER_SECONDS:
            self._end(_too_many(wait))
        else:
            self._closing = True
            self.idle_since = inf  # it waits for us
            self._host.deferred.answer(request, self._address, self._end_if_open)

    def _await_body(self, request: Request) -> None:
        """The post's body comes next; the heartbeat closes the connection if it takes too long."""
        if request.values("expect"):
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        hook = self._host.hooks.hook(request)
        self._awaited = (hook, int(request.values("content-length")[0])) if hook else None

    def _next_body(self, hook: Hook, size: int) -> bool:
        """Pass the post's body on, once it is complete. It is the connection's last request."""
        body = self._heads.take_body(size)
        if body is not None:
            self._closing = True
            self.idle_since = inf  # it waits for us
            self._host.hooks.post(hook, body, self._end_if_open)
        return False

    def _end_if_open(self, response: Response) -> None:
        if not self._transport.is_closing():
            self._end(response)

    def _source(self, request: Request) -> RequestSource:
        """Where the request came from, and at which address it arrived."""
        own = "" if self._address != self._peer else endpoint_address(self._transport.get_extra_info("sockname"))
        proofs, hosts = request.values("authorization"), request.values("host")
        proof = proofs[0] if len(proofs) == 1 else ""
        return RequestSource(own, self._address, proof, hosts[0] if hosts else "")

    def _pause_flood(self, seconds: float) -> None:
        """Too many requests: stop reading for a moment."""
        self._reader.pause(PauseReason.FLOOD)
        self._loop.call_later(seconds, self._reader.resume, PauseReason.FLOOD)

    def _upgrade_once_keys_are_there(self, request: Request) -> None:
        keys = self._host.sign_in.fetching_keys(request)
        if keys is None:
            return self._upgrade(request)
        self._waits_for_keys = True
        self.idle_since = inf  # it waits for us

        def there(_keys: asyncio.Future[None]) -> None:
            self._waits_for_keys = False
            if not self._transport.is_closing() and not self._closing:
                self._upgrade(request)

        return keys.add_done_callback(there)

    def _upgrade(self, request: Request) -> None:
        """Hand the connection over to a WebSocket, or answer why not."""
        is_wrong_path = request.path != WEBSOCKET_PATH
        signed_in = None if is_wrong_path else self._host.sign_in.sign_in(request)
        if isinstance(signed_in, Response):
            return self._end(signed_in)
        network = self._host.proxies.network(self._address)
        of_host = self._host.sign_in.brings_place(request)
        refusal = None if is_wrong_path else self._host.websocket_refusal(network, of_host=of_host)
        if refusal:
            retry = ("Retry-After", str(refusal.retry_after))
            return self._end(text_response(refusal.status, refusal.sentence, retry))
        if refused := handshake.refuse_handshake(request):
            return self._end(refused)
        opening = handshake.accept(request)
        if is_wrong_path:
            error = wrong_address_error(request.path, request.values("host")[0], self._host.routes.public_url)
            closing = handshake.close_frame(CloseCode.RULES_BROKEN, CLOSE_REASON)
            self._transport.write(opening + text_frame(encode(error)) + closing)
            return self._close_gracefully()
        self._transport.write(opening)
        self._closing = True  # only for this protocol object: another one takes over
        self._host.http_handed_over(self)
        if self._address != self._peer:
            self._reader.move_to(network, self._address)
        cookie_tokens = read_cookie_tokens(request.values("cookie"))
        self._host.upgraded(self._reader, self._heads.take_rest(), cookie_tokens, signed_in)
        return None

    def _end(self, response: Response) -> None:
        """Answer, and close the connection."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return self.abort()
        head = self._response_head(response, ("Connection", "close"))
        # h11 checks the length of a body by the method, which it does not know if it refused the request early.
        self._transport.write(head if self._without_body else head + response.body)
        return self._close_gracefully()

    def _close_gracefully(self) -> None:
        """End our side, and drop what the peer sends until it ends its side or the heartbeat closes it."""
        self._closing = True
        self.idle_since = min(self.idle_since, self._loop.time())
        self._heads = RequestHeadReader()
        self._http = h11.Connection(h11.SERVER)
        with contextlib.suppress(OSError, RuntimeError):  # it may have gone already
            self._transport.write_eof()

    def _send(self, response: Response) -> None:
        parts = [self._response_head(response)]
        if response.body and not self._without_body:
            parts.append(self._http.send(h11.Data(data=response.body)) or b"")
        parts.append(self._http.send(h11.EndOfMessage()) or b"")
        self._transport.write(b"".join(parts))

    def _response_head(self, response: Response, *headers: tuple[str, str]) -> bytes:
        fields = [*response.all_headers(), ("Date", formatdate(usegmt=True)), *headers]
        head = h11.Response(status_code=response.status, reason=response.status.phrase, headers=fields)
        return self._http.send(head) or b""


def _too_many(wait: float) -> Response:
    retry = ("Retry-After", str(ceil(wait)))
    return text_response(HTTPStatus.TOO_MANY_REQUESTS, _TOO_MANY_REQUESTS, retry)


def _refuse_body(request: Request) -> Response | None:
    if request.values("transfer-encoding") or any(length != "0" for length in request.values("content-length")):
        return text_response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A request here has no body.")
    if request.values("expect"):
        return text_response(HTTPStatus.EXPECTATION_FAILED, "There is nothing to expect: a request here has no body.")
    return None
