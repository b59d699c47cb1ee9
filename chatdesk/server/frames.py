"""Frames that are the same for everybody (RFC 6455, section 5.2).

A server's frame is not masked, so one serialised frame serves every recipient.
"""

PING = b"\x89\x00"
_TEXT = 0x81


def text_frame(payload: bytes) -> bytes:
    """The payload as one whole text frame."""
    size = len(payload)
    if size < 126:
        return bytes((_TEXT, size)) + payload
    if size < 65536:
        return bytes((_TEXT, 126)) + size.to_bytes(2) + payload
    return bytes((_TEXT, 127)) + size.to_bytes(8) + payload
