"""The frames that a client sends, built by hand: a client library would cost more time than the servers under test.

A message contains the time at which it was sent and then a mark that occurs nowhere else, so deliveries are counted
by counting marks. The mark is one byte, so no read can split it. Messages are padded to a length (126 to 255 bytes
with everything a server adds) at which no byte of a frame's head can be the mark.
"""

import json
import re

MARK = b"`"
STAMP_DIGITS = 19  # of a time in nanoseconds: 292 years fit, and each stamp has the same length
STAMP = re.compile(rb"(\d{%d})`" % STAMP_DIGITS)
"""The time, in nanoseconds of the monotonic clock, followed by the mark."""
PING = b"\x89\x00"
PONG = bytes((0x8A, 0x80)) + bytes(4)
"""The answer to a ping."""
_PADDING = " The quick brown fox jumps over the lazy dog"
_MASKED = 0x80  # the bit beside the length that says that a mask follows (RFC 6455)


def upgrade(port: int) -> bytes:
    """Return the request for a WebSocket."""
    return (
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def join(number: int, **more: object) -> bytes:
    """Return a ``join`` as one frame, with ``more`` fields."""
    return _text_frame({"type": "join", "nickname": f"Guest {number:05d}", "capabilities": ["presence"], **more})


def message(stamp: int) -> bytes:
    """Return a ``message`` as one frame, sent at ``stamp`` nanoseconds."""
    content = f"{stamp:0{STAMP_DIGITS}d}{MARK.decode()}{_PADDING}"
    return _text_frame({"type": "message", "content": content})


def _text_frame(command: dict[str, object]) -> bytes:
    """Return a text frame, masked as a client's must be: with zeros, which leave the text readable."""
    payload = json.dumps(command).encode()
    size = len(payload)
    head = bytes((_MASKED | size,)) if size < 126 else bytes((_MASKED | 126,)) + size.to_bytes(2)
    return b"\x81" + head + bytes(4) + payload
