"""The opening handshake of a WebSocket (RFC 6455, section 4.2), without extensions and subprotocols."""

import re
from http import HTTPStatus
from itertools import chain

from websockets.frames import Close, Frame, Opcode
from websockets.utils import accept_key

from chatdesk.server.http.request import Request
from chatdesk.server.http.response import Response, text_response
from chatdesk.server.http.routes import WEBSOCKET_PATH

_SWITCHING = (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n"
)
_KEY = re.compile("[+/0-9A-Za-z]{22}==")  # sixteen bytes in base64
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_NO_UPGRADE = "A request for a WebSocket needs Upgrade: websocket and Connection: Upgrade. A proxy has to pass both on."


def wants_websocket(request: Request) -> bool:
    """Whether the request asks for a WebSocket. On other paths than /ws it needs a key, too: some proxies add
    ``Upgrade`` to every request."""
    if request.method != "GET" or "websocket" not in ",".join(request.values("upgrade")).lower():
        return False
    return request.path == WEBSOCKET_PATH or bool(request.values("sec-websocket-key"))


def refuse_handshake(request: Request) -> Response | None:
    """The response to a handshake that is broken; None for one that can be accepted."""
    if "upgrade" not in _tokens(request, "connection") or _tokens(request, "upgrade") != ["websocket"]:
        return text_response(HTTPStatus.UPGRADE_REQUIRED, _NO_UPGRADE, ("Upgrade", "websocket"))
    if any(map(_CONTROL.search, chain.from_iterable(request.fields.values()))):
        return _broken("A header field has characters that do not belong there.")
    keys = request.values("sec-websocket-key")
    if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
        return _broken("A handshake has one Sec-WebSocket-Key, of sixteen bytes in base64.")
    if request.values("sec-websocket-version") != ["13"]:
        return _broken("A handshake has one Sec-WebSocket-Version, which is 13.")
    return None


def accept(request: Request) -> bytes:
    """The answer that opens the WebSocket; ``refuse_handshake`` has found nothing in the request."""
    return _SWITCHING.format(accept_key(request.values("sec-websocket-key")[0])).encode()


def close_frame(code: int, reason: str) -> bytes:
    """A frame that closes a WebSocket."""
    return Frame(Opcode.CLOSE, Close(code, reason).serialize()).serialize(mask=False)


def _tokens(request: Request, name: str) -> list[str]:
    return [token.strip(" \t").lower() for value in request.values(name) for token in value.split(",")]


def _broken(sentence: str) -> Response:
    return text_response(HTTPStatus.BAD_REQUEST, sentence)
