"""Frames as they stand on the wire (RFC 6455, section 5.2), made and read by hand."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FIN = 0x80

Event = dict[str, Any]


class Frame(NamedTuple):
    """What a server's frame says."""

    opcode: int
    payload: bytes


def client_frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True
) -> bytes:
    """A client's frame, masked with zeros, which leave the payload as it is; or broken in the way asked for."""
    size = len(payload)
    mask = FIN if masked else 0
    if size < 126:
        length = bytes((mask | size,))
    elif size < 65536:
        length = bytes((mask | 126,)) + size.to_bytes(2)
    else:
        length = bytes((mask | 127,)) + size.to_bytes(8)
    return bytes(((FIN if fin else 0) | reserved | opcode,)) + length + (bytes(4) if masked else b"") + payload


def text(content: str | bytes) -> bytes:
    """A client's text frame."""
    return client_frame(TEXT, content.encode() if isinstance(content, str) else content)


def command(name: str, **fields: Any) -> bytes:
    """A command as a client's text frame."""
    return text(json.dumps({"type": name, **fields}))


def take_frames(data: bytearray) -> Iterator[Frame]:
    """Take the whole frames of a server from the front of ``data``."""
    while len(data) >= 2:
        size, start = data[1], 2
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(data[2:start])
        if len(data) < start + size:
            return
        assert data[0] & FIN, "a server here never fragments"
        assert not data[1] & FIN or size > 125, "a server's frame has no mask"
        yield Frame(data[0] & 0x0F, bytes(data[start : start + size]))
        del data[: start + size]


def events(data: bytes) -> list[Event]:
    """The events in what a server has sent."""
    rest = bytearray(data)
    found = [json.loads(frame.payload) for frame in take_frames(rest) if frame.opcode == TEXT]
    assert not rest, "the last frame is whole"
    return found
