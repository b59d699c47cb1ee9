"""The SSID of the Wi-Fi that an interface is in, as far as Linux says; unknown on other systems.

It is read with the kernel's wireless extensions, which needs no program, no rights and no time. They are old: a Wi-Fi 7
card does not answer them.
"""

import ctypes
import socket
import struct
import sys

from chatdesk.discovery.advert import clean_name

if sys.platform == "linux":
    import fcntl

_SIOCGIWESSID = 0x8B1B
"""The request for the SSID, in Linux's ``wireless.h``."""
_MAX_SSID_BYTES = 32  # of a Wi-Fi's name, by the standard
_IWREQ = struct.Struct("@16sPHH")
"""The interface, and the buffer for the SSID: its address, its length, and whether there is one."""
_IWREQ_BYTES = 32  # the size of the whole union


def wifi_name(interface: str) -> str:
    """Return the SSID; empty if the interface is in no Wi-Fi, or the system does not say."""
    if sys.platform != "linux":
        return ""
    name = ctypes.create_string_buffer(_MAX_SSID_BYTES)
    request_bytes = request(interface, ctypes.addressof(name))
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as kernel_socket:
            fcntl.ioctl(kernel_socket, _SIOCGIWESSID, request_bytes)
    except OSError:  # a cable, an interface that is gone, or a driver that does not answer
        return ""
    return read(request_bytes, name.raw)


def request(interface: str, buffer_address: int) -> bytearray:
    """Return a ``struct iwreq`` that asks for the SSID of an interface, written at ``buffer_address`` in memory."""
    request_bytes = bytearray(_IWREQ_BYTES)
    _IWREQ.pack_into(request_bytes, 0, interface.encode(), buffer_address, _MAX_SSID_BYTES, 0)
    return request_bytes


def read(answer: bytes | bytearray, name: bytes) -> str:
    """Return the SSID of an answered request, cleaned: anybody with a Wi-Fi chooses its bytes."""
    _interface, _place, length, is_there = _IWREQ.unpack_from(answer)
    return clean_name(name[:length].decode(errors="replace")) if is_there else ""
