"""What the Wi-Fi is called that an interface is in, as far as Linux tells. Elsewhere no name is known.

The kernel's wireless extensions are asked, which takes no program, no rights and no time. They are old: a card for
Wi-Fi 7 does not answer them.
"""

import ctypes
import socket
import struct
import sys

from chatdesk.discovery.advert import clean_name

if sys.platform == "linux":
    import fcntl

_SIOCGIWESSID = 0x8B1B
_MOST_BYTES = 32  # of a Wi-Fi's name, by the standard
_IWREQ = struct.Struct("@16sPHH")
"""The interface; and of the name: where it goes, its length, and whether there is one."""
_IWREQ_BYTES = 32  # with what other requests have there


def wifi_name(interface: str) -> str:
    """The Wi-Fi's name; empty where the interface is in none, or nobody tells."""
    if sys.platform != "linux":
        return ""
    name = ctypes.create_string_buffer(_MOST_BYTES)
    request_bytes = request(interface, ctypes.addressof(name))
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as kernel_socket:
            fcntl.ioctl(kernel_socket, _SIOCGIWESSID, request_bytes)
    except OSError:  # a cable, one that is gone, or a driver that does not answer
        return ""
    return read(request_bytes, name.raw)


def request(interface: str, place: int) -> bytearray:
    """What Linux calls a ``struct iwreq``: to put the name of the interface's Wi-Fi at ``place`` in memory."""
    request_bytes = bytearray(_IWREQ_BYTES)
    _IWREQ.pack_into(request_bytes, 0, interface.encode(), place, _MOST_BYTES, 0)
    return request_bytes


def read(answer: bytes | bytearray, name: bytes) -> str:
    """The name for people, of an answered request. Whoever set up the Wi-Fi chose it: it may be any bytes."""
    _interface, _place, length, is_there = _IWREQ.unpack_from(answer)
    return clean_name(name[:length].decode(errors="replace")) if is_there else ""
