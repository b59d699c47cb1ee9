"""WebSocket frames that are the same for every recipient (RFC 6455, section 5.2).

A server's frames are not masked, so an event is framed once, however many members receive it.
"""

PING = b"\x89\x00"
_TEXT = 0x81  # the final frame of a message, opcode 1


def text_frame(payload: bytes) -> bytes:
    """The payload as one unfragmented text frame."""
    size = len(payload)
    if size < 126:
        return bytes((_TEXT, size)) + payload
    if size < 65536:
        return bytes((_TEXT, 126)) + size.to_bytes(2) + payload
    return bytes((_TEXT, 127)) + size.to_bytes(8) + payload
