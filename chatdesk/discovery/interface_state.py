"""Which network interfaces are down, as far as Linux says: it keeps listing their IPv4 addresses."""

import socket
import struct
import sys
from collections.abc import Iterable

if sys.platform == "linux":
    import fcntl

_SIOCGIFFLAGS, _IFF_UP = 0x8913, 0x1
"""Numbers of Linux's ``netdevice`` interface."""
_IFREQ_BYTES = 40  # sizeof(struct ifreq) on machines with 64 bits; it is smaller on others


def interfaces_down(interfaces: Iterable[str]) -> set[str]:
    """Return those of the interfaces that are down. Raises OSError if the system cannot say now."""
    if sys.platform != "linux":
        return set()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as kernel_socket:  # available on every system
        return {interface for interface in interfaces if _is_down(kernel_socket, interface)}


def _is_down(kernel_socket: socket.socket, interface: str) -> bool:
    """Read the flags from a ``struct ifreq``."""
    request_bytes = bytearray(_IFREQ_BYTES)
    struct.pack_into("16s", request_bytes, 0, interface.encode())
    try:
        fcntl.ioctl(kernel_socket, _SIOCGIFFLAGS, request_bytes)
    except OSError:  # it is gone by now
        return False
    (flags,) = struct.unpack_from("@H", request_bytes, 16)
    return not flags & _IFF_UP
