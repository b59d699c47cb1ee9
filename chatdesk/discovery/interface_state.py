"""Which interfaces are switched off, as far as Linux tells: it goes on listing their IPv4 addresses."""

import socket
import struct
import sys
from collections.abc import Iterable

if sys.platform == "linux":
    import fcntl

_SIOCGIFFLAGS = 0x8913
_IFREQ_BYTES = 40
_UP = 0x1


def interfaces_down(interfaces: Iterable[str]) -> set[str]:
    """Those of the interfaces that are. Raises OSError where the system does not tell just now."""
    if sys.platform != "linux":
        return set()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as kernel_socket:  # one that every system has
        return {interface for interface in interfaces if _is_down(kernel_socket, interface)}


def _is_down(kernel_socket: socket.socket, interface: str) -> bool:
    """What Linux says in a ``struct ifreq``: the interface, and its flags."""
    request_bytes = bytearray(_IFREQ_BYTES)
    struct.pack_into("16s", request_bytes, 0, interface.encode())
    try:
        fcntl.ioctl(kernel_socket, _SIOCGIFFLAGS, request_bytes)
    except OSError:  # one that is gone by now
        return False
    (flags,) = struct.unpack_from("@H", request_bytes, 16)
    return not flags & _UP
