"""WebSockets at a wrong path, such as one without ``/ws``.

Clients show only a number of a refused handshake. So the WebSocket is accepted, told the right address, and closed.
"""

from chatdesk.origin import origin_of, parse_authority
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.events import Error
from chatdesk.server.http.routes import WEBSOCKET_PATH

CLOSE_REASON = f"the chat is at {WEBSOCKET_PATH}"
"""The reason in the close frame; some clients show only this."""
_MAX_PATH_CHARS = 100
"""Characters of the path in the sentence, so that the sentence stays readable."""


def wrong_address_error(path: str, host: str, public_url: str) -> Error:
    """The error event for a WebSocket at ``path`` of ``host``, with the right address.

    If a proxy replaces ``Host``, the address can only be told from ``public_url``; then the sentence names both.
    """
    addresses = [f"ws://{host}{WEBSOCKET_PATH}"]
    public = f"ws{public_url.removeprefix('http').rstrip('/')}{WEBSOCKET_PATH}"
    authority = parse_authority(host)
    if public_url and authority and origin_of(public_url).is_at(authority):
        addresses = [public]
    elif public_url:
        addresses.append(public)
    shown = path if len(path) <= _MAX_PATH_CHARS else f"{path[:_MAX_PATH_CHARS]}…"
    return Error(ErrorCode.WRONG_ADDRESS, f"There is no chat at {shown}. Connect to {' or '.join(addresses)} instead.")
