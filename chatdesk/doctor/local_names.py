"""Asking the network itself for a name that ends in .local, where the system does not do so.

One question by multicast, from a port of our own: then whoever has the name answers to us alone.
"""

import contextlib
import select
import socket
import struct
import time
from collections.abc import Sequence
from functools import partial

from chatdesk.discovery.networks import Network
from chatdesk.doctor.aside import aside

_GROUP = ("224.0.0.251", 5353)
_SECONDS = 2.0
_AGAIN_SECONDS = 0.7
_PACKET_BYTES = 9000
_ADDRESS, _INTERNET = 1, 1
_POINTER = 0xC0
_HEADER = struct.Struct("!6H")
_RECORD = struct.Struct("!HHIH")


async def hear(name: str, networks: Sequence[Network]) -> list[str]:
    """The addresses that the name has in our networks, as who has it says; none where nobody does."""
    own = [address for network in networks for address in network.addresses if ":" not in address]
    return await aside(partial(_ask, name, own), _SECONDS + 0.5, [])


def _ask(name: str, own: Sequence[str]) -> list[str]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in own]
        try:
            question = question_for(name)
            for sock, address in zip(sockets, own, strict=True):
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
                sock.bind((address, 0))
            return _listen(sockets, question, name)
        except (OSError, UnicodeError):
            return []


def _listen(sockets: Sequence[socket.socket], question: bytes, name: str) -> list[str]:
    until, again = time.monotonic() + _SECONDS, 0.0
    while (now := time.monotonic()) < until and sockets:
        if now >= again:
            again = now + _AGAIN_SECONDS
            for sock in sockets:
                sock.sendto(question, _GROUP)
        ready, _, _ = select.select(sockets, [], [], min(until, again) - now)
        for sock in ready:
            if found := addresses_in(sock.recv(_PACKET_BYTES), name):
                return found
    return []


def question_for(name: str) -> bytes:
    """A question for the IPv4 addresses of a name. Raises UnicodeError for what is no name."""
    labels = name.rstrip(".").encode("idna").split(b".")
    encoded = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return _HEADER.pack(0, 0, 1, 0, 0, 0) + encoded + struct.pack("!2H", _ADDRESS, _INTERNET)


def addresses_in(packet: bytes, name: str) -> list[str]:
    """The IPv4 addresses that an answer gives for the name; none in what is no such answer."""
    found = []
    try:
        _, _, questions, answers, _, _ = _HEADER.unpack_from(packet)
        at = _HEADER.size
        for _ in range(questions):
            at = _name(packet, at)[1] + 4
        for _ in range(answers):
            owner, at = _name(packet, at)
            kind, _, _, length = _RECORD.unpack_from(packet, at)
            at += _RECORD.size
            if kind == _ADDRESS and length == 4 and owner == name.rstrip(".").casefold():
                found.append(socket.inet_ntoa(packet[at : at + 4]))
            at += length
    except (struct.error, IndexError, ValueError, OSError):
        return []
    return found


def _name(packet: bytes, at: int) -> tuple[str, int]:
    """A name, and where it ends; its rest may stand earlier in the packet. Raises IndexError where it does not end."""
    labels: list[str] = []
    end = 0
    while length := packet[at]:
        if length >= _POINTER:
            end = end or at + 2
            earlier = (length - _POINTER) << 8 | packet[at + 1]
            if earlier >= at:  # a name that leads to itself never ends
                raise IndexError(at)
            at = earlier
        else:
            labels.append(packet[at + 1 : at + 1 + length].decode().casefold())
            at += length + 1
    return ".".join(labels), end or at + 1
