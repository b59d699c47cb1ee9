"""What is fuzzed: each function takes any bytes, and raises only if there is a fault."""

import contextlib
import json
import time
from collections.abc import Callable

import h11
from websockets.frames import Frame
from zeroconf import DNSIncoming  # type: ignore[attr-defined]  # packets are not in its __all__

from chatdesk.discovery.packets import announcements_from, chat_pointers, has_goodbye, has_valid_names
from chatdesk.markup.parse import parse
from chatdesk.protocol import codec
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.markup import plain_text
from chatdesk.protocol.names import clean_nickname, clean_room, nickname_key
from chatdesk.server.http.handshake import refuse_handshake, wants_websocket
from chatdesk.server.http.origin_check import OriginCheck
from chatdesk.server.http.request import decode
from chatdesk.server.http.request_checks import check_request
from chatdesk.server.http.request_head import HEAD_BYTES, BadHeadError, RequestHeadReader
from chatdesk.server.proxy_header import BadHeaderError, HeaderReader
from chatdesk.server.websocket_core import WebSocketCore

_LONGEST_SECONDS = 1.0
"""For one input, under instrumentation; what takes longer is an attack."""


def fuzz_codec(data: bytes) -> None:
    """Frames and commands at the server, events at a client."""
    core = WebSocketCore()
    core.receive_data(data)
    payloads = [bytes(event.data) for event in core.events_received() if isinstance(event, Frame)]
    core.data_to_send()
    for payload in (data, *payloads):
        with contextlib.suppress(ProtocolError):
            command = codec.decode_command(payload)
            assert codec.decode_command(codec.encode(command)) == command
        with contextlib.suppress(ValueError):
            codec.decode_event(payload)


def fuzz_http(data: bytes) -> None:
    """Heads of requests, in two pieces, and what a proxy says before them."""
    with contextlib.suppress(BadHeaderError):
        HeaderReader().add(data)
    heads, http = RequestHeadReader(), h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
    check = OriginCheck(frozenset({"localhost"}), (), "")
    try:
        for piece in (data[: len(data) // 2], data[len(data) // 2 :]):
            heads.add(piece)
            while head := heads.next_head():
                http.receive_data(head)
                event = http.next_event()
                if not isinstance(event, h11.Request):
                    return
                request = decode(event, str)
                check_request(request, check, "127.0.0.1")
                if wants_websocket(request):
                    refuse_handshake(request)
                http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
    except (BadHeadError, h11.RemoteProtocolError):
        pass


def fuzz_names(data: bytes) -> None:
    """Names of people and rooms."""
    text = data.decode(errors="surrogatepass" if len(data) % 2 else "replace") if _decodes(data) else ""
    for clean in (clean_nickname, clean_room):
        try:
            name = clean(text)
        except ProtocolError:
            continue
        assert clean(name) == name, "a clean name is clean"
        assert nickname_key(name) == nickname_key(clean(name))
        json.dumps(name).encode()


def _decodes(data: bytes) -> bool:
    try:
        data.decode(errors="surrogatepass" if len(data) % 2 else "replace")
    except UnicodeDecodeError:
        return False
    return True


def fuzz_markup(data: bytes) -> None:
    """Trees of messages, which survive the wire."""
    blocks = parse(data.decode(errors="replace")[:8000])
    if blocks:
        plain_text(blocks)
        codec.encode_body(blocks)


def fuzz_mdns(data: bytes) -> None:
    """Packets of multicast DNS, as zeroconf reads them and we understand them."""
    message = DNSIncoming(data)
    if message.valid and has_valid_names(message):
        announcements_from("192.168.4.20", message)
        has_goodbye(message)
        chat_pointers(message)


def timed(function: Callable[[bytes], None], data: bytes) -> None:
    """Call it, and raise AssertionError if it takes too long."""
    start = time.process_time()
    function(data)
    assert time.process_time() - start < _LONGEST_SECONDS, f"{len(data)} bytes take too long"


TARGETS = {
    "codec": fuzz_codec,
    "http": fuzz_http,
    "names": fuzz_names,
    "markup": fuzz_markup,
    "mdns": fuzz_mdns,
}
