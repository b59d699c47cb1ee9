"""A plain multicast DNS query, as any resolver sends it, written byte by byte."""

import ipaddress
import secrets
import socket
import struct
import time

from zeroconf import DNSAddress, DNSIncoming  # type: ignore[attr-defined]

from tests.netns import Machine, inside

A, AAAA = 1, 28
_GROUPS = {A: "224.0.0.251", AAAA: "ff02::fb"}
_LISTEN_SECONDS = 0.3


def resolve(machine: Machine, name: str, kind: int = A) -> set[str]:
    """The addresses of a name, queried from a machine: those of IPv4 by IPv4, and those of IPv6 by IPv6."""
    with inside(machine), socket.socket(socket.AF_INET if kind == A else socket.AF_INET6, socket.SOCK_DGRAM) as asking:
        card = socket.if_nametoindex("eth0")
        if kind == A:
            asking.setsockopt(
                socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("4s4si", b"\0" * 4, b"\0" * 4, card)
            )
        else:
            asking.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, card)
        asking.sendto(_question(name, kind), (_GROUPS[kind], 5353))
        return {str(ipaddress.ip_address(record.address)) for record in _records(asking) if record.type == kind}


def _question(name: str, kind: int) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    number = secrets.randbelow(65536)  # an identical packet within a second is taken for an echo
    return struct.pack("!6H", number, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", kind, 1)


def _records(asking: socket.socket) -> list[DNSAddress]:
    records, end = [], time.monotonic() + _LISTEN_SECONDS
    while (left := end - time.monotonic()) > 0:
        asking.settimeout(left)
        try:
            answer, _ = asking.recvfrom(9000)
        except TimeoutError:
            break
        records += [record for record in DNSIncoming(answer).answers() if isinstance(record, DNSAddress)]
    return records
