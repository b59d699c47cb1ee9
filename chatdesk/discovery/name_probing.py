"""What packets say of a name that one machine alone may go by: RFC 6762, sections 8 and 9. No I/O."""

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
_A, _AAAA, _ANY = 1, 28, 255
_IN, _UNIQUE = 1, 0x8001
_TTL_SECONDS = 120
_MDNS_HOST = re.compile(r"chatdesk-[0-9a-z]{16}\.local\.")

RecordData = tuple[int, bytes]
"""The type of a record and what is in it; of what is no address, the type alone."""


def record_data(addresses: Iterable[str]) -> list[RecordData]:
    """The addresses as the data of records."""
    parsed = (ipaddress.ip_address(address) for address in addresses)
    return [(_A if ip.version == 4 else _AAAA, ip.packed) for ip in parsed]


def probe(name: str, mdns_host: str, own: Sequence[RecordData]) -> DNSOutgoing:
    """Does anybody go by the name? This is who wishes to, and with which data.

    ``machine`` is a name that nobody else has: by it who asked knows the question again. The addresses are asked for by
    themselves, too: python-zeroconf answers nothing else about the name of a machine. Everybody is to hear the answer,
    for one to us alone might reach another program.
    """
    query = DNSOutgoing(_QUERY)
    for asked, kind in ((name, _ANY), (mdns_host, _ANY), (name, _A), (name, _AAAA)):
        query.add_question(DNSQuestion(asked, kind, _IN))
    authorities = cast(list[DNSAddress], query.authorities)  # the method for it takes pointers alone
    authorities += [DNSAddress(name, kind, _IN, _TTL_SECONDS, data) for kind, data in own]
    return query


def defence(name: str, own: Sequence[RecordData]) -> DNSOutgoing:
    """The name is taken, by who has these data."""
    response = DNSOutgoing(_ANSWER)
    for kind, data in own:
        response.add_answer_at_time(DNSAddress(name, kind, _UNIQUE, _TTL_SECONDS, data), 0)
    return response


def is_any_query(message: DNSIncoming, name: str) -> bool:
    """Whether it asks for whatever there is under the name, as a probe does."""
    return not message.is_response() and any(
        question.type == _ANY and question.name.lower() == name for question in message.questions
    )


def is_chat_probe(message: DNSIncoming, mdns_host: str = "") -> bool:
    """Whether a chat has sent it: that of this machine name, or any."""
    names = [question.name.lower() for question in message.questions]
    return mdns_host in names if mdns_host else any(map(_MDNS_HOST.fullmatch, names))


def records_of(name: str, message: DNSIncoming) -> list[RecordData]:
    """What it says that is, or is to be, under the name; goodbyes are nothing."""
    records = [record for record in message.answers() if record.ttl and record.name.lower() == name]
    return [(record.type, record.address if isinstance(record, DNSAddress) else b"") for record in records]


def outranks(theirs: Iterable[RecordData], own: Iterable[RecordData]) -> bool:
    """Of two who probe at once, whether the other one has the name: the later in the order of types and bytes."""
    return sorted(theirs) > sorted(own)


def is_address(data: RecordData) -> bool:
    """Whether it is an address."""
    return data[0] in (_A, _AAAA)
