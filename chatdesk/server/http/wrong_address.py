"""WebSockets that were opened where the chat is not, as by who leaves ``/ws`` out.

A client shows its person nothing of a refused handshake but a number. So it is taken, told where the chat is, and
closed.
"""

from chatdesk.origin import origin_of, parse_authority
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.events import Error
from chatdesk.server.http.routes import WEBSOCKET_PATH

CLOSE_REASON = f"the chat is at {WEBSOCKET_PATH}"
"""What the close says, of which some clients show no more."""
_LONGEST_PATH = 100


def wrong_address_error(path: str, host: str, public_url: str) -> Error:
    """What to say to a WebSocket at ``path``, whose request was for ``host``.

    Behind a proxy that puts its own host in the place of that which one has typed, only the public address tells where.
    """
    there = [f"ws://{host}{WEBSOCKET_PATH}"]
    public = f"ws{public_url.removeprefix('http').rstrip('/')}{WEBSOCKET_PATH}"
    place = parse_authority(host)
    if public_url and place and origin_of(public_url).is_at(place):
        there = [public]
    elif public_url:
        there.append(public)
    shown = path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…"
    return Error(ErrorCode.WRONG_ADDRESS, f"There is no chat at {shown}. Connect to {' or '.join(there)} instead.")
