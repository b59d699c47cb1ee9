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


def switched_off(interfaces: Iterable[str]) -> set[str]:
    """Those of the interfaces that are. Raises OSError where the system does not tell just now."""
    if sys.platform != "linux":
        return set()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way_to_kernel:  # one that every system has
        return {interface for interface in interfaces if _is_off(way_to_kernel, interface)}


def _is_off(way_to_kernel: socket.socket, interface: str) -> bool:
    """What Linux says in a ``struct ifreq``: the interface, and its flags."""
    asked = bytearray(_IFREQ_BYTES)
    struct.pack_into("16s", asked, 0, interface.encode())
    try:
        fcntl.ioctl(way_to_kernel, _SIOCGIFFLAGS, asked)
    except OSError:  # one that is gone by now
        return False
    (flags,) = struct.unpack_from("@H", asked, 16)
    return not flags & _UP
