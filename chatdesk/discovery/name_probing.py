"""Packets that claim, probe for and defend a host name: RFC 6762, sections 8 and 9. No I/O."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import cast

from zeroconf import (  # type: ignore[attr-defined]  # packets are not in its __all__
    DNSAddress,
    DNSIncoming,
    DNSOutgoing,
    DNSQuestion,
)

_QUERY, _ANSWER = 0, 0x8400
"""Flags of a query, and of an authoritative answer."""
_A, _AAAA, _ANY = 1, 28, 255
"""Record types: IPv4 address, IPv6 address, all."""
_IN, _UNIQUE = 1, 0x8001
"""The class of the internet, without and with the cache-flush bit that marks a unique record."""
_TTL_SECONDS = 120
"""What RFC 6762 recommends for host names."""
_MDNS_HOST = re.compile(r"chatdesk-[0-9a-z]{16}\.local\.")

RecordData = tuple[int, bytes]
"""The type of a record and its data; the type alone for records that are not addresses."""


def record_data(addresses: Iterable[str]) -> list[RecordData]:
    """Return the addresses as data of A and AAAA records."""
    parsed = (ipaddress.ip_address(address) for address in addresses)
    return [(_A if ip.version == 4 else _AAAA, ip.packed) for ip in parsed]


def probe(name: str, mdns_host: str, own: Sequence[RecordData]) -> DNSOutgoing:
    """Return a probe packet: does anybody use the name? It carries the data that the sender would announce.

    ``mdns_host`` is a name that nobody else has: the sender recognizes its own probe by it. The addresses are asked
    for in separate questions, because python-zeroconf answers nothing else about the name of a host. The answer is
    multicast: a unicast one might reach another program of this machine.
    """
    query = DNSOutgoing(_QUERY)
    for asked, kind in ((name, _ANY), (mdns_host, _ANY), (name, _A), (name, _AAAA)):
        query.add_question(DNSQuestion(asked, kind, _IN))
    authorities = cast(list[DNSAddress], query.authorities)  # the method for it takes pointers alone
    authorities += [DNSAddress(name, kind, _IN, _TTL_SECONDS, data) for kind, data in own]
    return query


def defence(name: str, own: Sequence[RecordData]) -> DNSOutgoing:
    """Return an answer that says that the name is in use, with these data."""
    response = DNSOutgoing(_ANSWER)
    for kind, data in own:
        response.add_answer_at_time(DNSAddress(name, kind, _UNIQUE, _TTL_SECONDS, data), 0)
    return response


def is_any_query(message: DNSIncoming, name: str) -> bool:
    """Whether the packet asks for all records of the name, as a probe does."""
    return not message.is_response() and any(
        question.type == _ANY and question.name.lower() == name for question in message.questions
    )


def is_chat_probe(message: DNSIncoming, mdns_host: str = "") -> bool:
    """Whether a chat has sent the probe: the one with this host name, or any."""
    names = [question.name.lower() for question in message.questions]
    return mdns_host in names if mdns_host else any(map(_MDNS_HOST.fullmatch, names))


def records_of(name: str, message: DNSIncoming) -> list[RecordData]:
    """Return the data that the packet announces or proposes for the name; goodbyes are left out."""
    records = [record for record in message.answers() if record.ttl and record.name.lower() == name]
    return [(record.type, record.address if isinstance(record, DNSAddress) else b"") for record in records]


def outranks(theirs: Iterable[RecordData], own: Iterable[RecordData]) -> bool:
    """Whether the other of two simultaneous probes wins: the one that is later in the order of types and bytes."""
    return sorted(theirs) > sorted(own)


def is_address(data: RecordData) -> bool:
    """Whether the data is that of an address record."""
    return data[0] in (_A, _AAAA)
