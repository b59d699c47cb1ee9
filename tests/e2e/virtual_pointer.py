"""A mouse for a Wayland compositor that has none.

It implements the part of Wayland's protocol that it needs. A message consists of the object's number, its length and
opcode, and arguments.
"""

import socket
import struct
import time
from pathlib import Path

_DISPLAY, _REGISTRY, _MANAGER, _POINTER = 1, 2, 3, 4
_GET_REGISTRY, _BIND, _CREATE = 1, 0, 0
_GLOBAL = 0  # the registry's event for an interface
_MOVE, _BUTTON, _FRAME = 1, 2, 4
_INTERFACE = "zwlr_virtual_pointer_manager_v1"
_LEFT_BUTTON = 0x110  # BTN_LEFT of the kernel
_SECONDS = 10


class VirtualPointer:
    """A mouse that is connected until it is closed."""

    def __init__(self, display: Path) -> None:
        self._compositor = socket.socket(socket.AF_UNIX)
        self._compositor.settimeout(_SECONDS)
        self._compositor.connect(str(display))
        self._send(_DISPLAY, _GET_REGISTRY, _number(_REGISTRY))
        self._send(_REGISTRY, _BIND, _number(self._find()) + _text(_INTERFACE) + _number(1) + _number(_MANAGER))
        self._send(_MANAGER, _CREATE, _number(0) + _number(_POINTER))

    def close(self) -> None:
        """Disconnect it."""
        self._compositor.close()

    def move(self, x: int, y: int, width: int, height: int) -> None:
        """Move to a position on outputs that have this size together."""
        self._act(_MOVE, x, y, width, height)

    def press(self, *, pressed: bool = True) -> None:
        """Press the left button, or release it."""
        self._act(_BUTTON, _LEFT_BUTTON, pressed)

    def _act(self, opcode: int, *numbers: int) -> None:
        now = time.monotonic_ns() // 1_000_000 & 0xFFFFFFFF
        self._send(_POINTER, opcode, b"".join(map(_number, (now, *numbers))))
        self._send(_POINTER, _FRAME, b"")

    def _send(self, number: int, opcode: int, arguments: bytes) -> None:
        self._compositor.sendall(struct.pack("=II", number, (8 + len(arguments)) << 16 | opcode) + arguments)

    def _find(self) -> int:
        """Return the number by which the compositor's interface is bound."""
        while True:
            number, size = struct.unpack("=II", self._read(8))
            body = self._read((size >> 16) - 8)
            if number == _REGISTRY and size & 0xFFFF == _GLOBAL and body[4:].startswith(_text(_INTERFACE)):
                name: int = struct.unpack_from("=I", body)[0]
                return name

    def _read(self, size: int) -> bytes:
        data = self._compositor.recv(size, socket.MSG_WAITALL)
        assert len(data) == size, "the compositor has closed the connection"
        return data


def _number(value: int) -> bytes:
    return struct.pack("=I", value)


def _text(value: str) -> bytes:
    data = value.encode() + b"\0"
    return _number(len(data)) + data + bytes(-len(data) % 4)
