"""Looks up a name that ends in .local in the network itself, where the system does not.

One multicast query is sent from a port of our own, so that the answer is unicast to us. It is sent in each network by
each IP version that this computer has there.
"""

import contextlib
import ipaddress
import select
import socket
import struct
import time
from collections.abc import Sequence
from functools import partial

from chatdesk.discovery.networks import Network
from chatdesk.doctor.run_with_timeout import run_with_timeout

_GROUPS = {4: ("224.0.0.251", 5353), 6: ("ff02::fb", 5353)}
"""The multicast groups and the port of mDNS (RFC 6762), by IP version."""
_SECONDS = 2.0
"""Responders answer within a fraction of a second; a Wi-Fi may lose the first query."""
_REPEAT_SECONDS = 0.7
"""The query is repeated twice."""
_PACKET_BYTES = 9000
"""The largest packet that RFC 6762 allows."""
_ADDRESS, _ADDRESS6, _INTERNET = 1, 28, 1
"""Record types of IPv4 and IPv6 addresses, and the class of the internet."""
_ADDRESS_BYTES = {_ADDRESS: 4, _ADDRESS6: 16}
"""What the data of a record of each type must have."""
_POINTER = 0xC0
"""A length from here on is a pointer to a name earlier in the packet."""
_ASKED_NAME = b"\xc0\x0c"
"""A pointer to the name after the header."""
_HEADER = struct.Struct("!6H")
_RECORD = struct.Struct("!HHIH")


async def lookup_mdns(name: str, networks: Sequence[Network]) -> list[str]:
    """Return the addresses of the name in our networks; empty if nobody answers."""
    return await run_with_timeout(partial(_lookup, name, networks), _SECONDS + 0.5, [])


def _lookup(name: str, networks: Sequence[Network]) -> list[str]:
    with contextlib.ExitStack() as stack:
        try:
            query = build_query(name)
        except UnicodeError:
            return []
        sockets = []
        for network in networks:
            for version in sorted({6 if ":" in address else 4 for address in network.addresses}):
                with contextlib.suppress(OSError):  # other networks may work
                    sockets.append(stack.enter_context(_multicast_socket(network, version)))
        return _send_and_receive(sockets, query, name)


def _multicast_socket(network: Network, version: int) -> socket.socket:
    """A socket that sends to the group in one network. Raises OSError."""
    address = next(address for address in network.addresses if (":" in address) == (version == 6))
    sock = socket.socket(socket.AF_INET6 if version == 6 else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        if version == 6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, network.index)
        else:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
        sock.bind((address, 0))
    except OSError:
        sock.close()
        raise
    return sock


def _send_and_receive(sockets: Sequence[socket.socket], query: bytes, name: str) -> list[str]:
    deadline, next_query = time.monotonic() + _SECONDS, 0.0
    while (now := time.monotonic()) < deadline and sockets:
        if now >= next_query:
            next_query = now + _REPEAT_SECONDS
            for sock in sockets:
                with contextlib.suppress(OSError):  # the network is gone
                    sock.sendto(query, _GROUPS[6 if sock.family == socket.AF_INET6 else 4])
        ready, _, _ = select.select(sockets, [], [], min(deadline, next_query) - now)
        for sock in ready:
            if addresses := parse_addresses(sock.recv(_PACKET_BYTES), name):
                return addresses
    return []


def build_query(name: str) -> bytes:
    """Return a query for the addresses of a name in both IP versions. Raises UnicodeError if it is no name."""
    labels = name.rstrip(".").encode("idna").split(b".")
    encoded = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    questions = (
        encoded + struct.pack("!2H", _ADDRESS, _INTERNET) + _ASKED_NAME + struct.pack("!2H", _ADDRESS6, _INTERNET)
    )
    return _HEADER.pack(0, 0, 2, 0, 0, 0) + questions


def parse_addresses(packet: bytes, name: str) -> list[str]:
    """Return the addresses that an answer gives for the name, IPv4 first; empty if it is no such answer."""
    found = []
    try:
        _, _, questions, answers, _, _ = _HEADER.unpack_from(packet)
        offset = _HEADER.size
        for _ in range(questions):
            offset = _parse_name(packet, offset)[1] + 4
        for _ in range(answers):
            owner_name, offset = _parse_name(packet, offset)
            kind, _, _, length = _RECORD.unpack_from(packet, offset)
            offset += _RECORD.size
            data = packet[offset : offset + length]
            if len(data) < length:
                return []
            if length == _ADDRESS_BYTES.get(kind) and owner_name == name.rstrip(".").casefold():
                found.append(ipaddress.ip_address(data))
            offset += length
    except (struct.error, IndexError, ValueError, OSError):
        return []
    return [str(ip) for ip in sorted(found, key=lambda ip: ip.version)]


def _parse_name(packet: bytes, offset: int) -> tuple[str, int]:
    """A name and where it ends; its rest may be earlier in the packet. Raises IndexError if it does not end."""
    labels: list[str] = []
    end = 0
    while length := packet[offset]:
        if length >= _POINTER:
            end = end or offset + 2
            earlier = (length - _POINTER) << 8 | packet[offset + 1]
            if earlier >= offset:  # a name that points to itself never ends
                raise IndexError(offset)
            offset = earlier
        else:
            labels.append(packet[offset + 1 : offset + 1 + length].decode().casefold())
            offset += length + 1
    return ".".join(labels), end or offset + 1
