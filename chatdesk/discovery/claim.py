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
_IN, _ALONE = 1, 0x8001
_SECONDS = 120
_MACHINE = re.compile(r"chatdesk-[0-9a-z]{16}\.local\.")

Data = tuple[int, bytes]
"""The type of a record and what is in it; of what is no address, the type alone."""


def data_for(addresses: Iterable[str]) -> list[Data]:
    """The addresses as the data of records."""
    parsed = (ipaddress.ip_address(address) for address in addresses)
    return [(_A if ip.version == 4 else _AAAA, ip.packed) for ip in parsed]


def probe(name: str, machine: str, own: Sequence[Data]) -> DNSOutgoing:
    """Does anybody go by the name? This is who wishes to, and with which data.

    ``machine`` is a name that nobody else has: by it who asked knows the question again. The addresses are asked for by
    themselves, too: python-zeroconf answers nothing else about the name of a machine. Everybody is to hear the answer,
    for one to us alone might reach another program.
    """
    asking = DNSOutgoing(_QUERY)
    for asked, kind in ((name, _ANY), (machine, _ANY), (name, _A), (name, _AAAA)):
        asking.add_question(DNSQuestion(asked, kind, _IN))
    authorities = cast(list[DNSAddress], asking.authorities)  # the method for it takes pointers alone
    authorities += [DNSAddress(name, kind, _IN, _SECONDS, data) for kind, data in own]
    return asking


def defence(name: str, own: Sequence[Data]) -> DNSOutgoing:
    """The name is taken, by who has these data."""
    answer = DNSOutgoing(_ANSWER)
    for kind, data in own:
        answer.add_answer_at_time(DNSAddress(name, kind, _ALONE, _SECONDS, data), 0)
    return answer


def asks_for_all(message: DNSIncoming, name: str) -> bool:
    """Whether it asks for whatever there is under the name, as a probe does."""
    return not message.is_response() and any(
        question.type == _ANY and question.name.lower() == name for question in message.questions
    )


def is_probe_of_a_chat(message: DNSIncoming, machine: str = "") -> bool:
    """Whether a chat has sent it: that of this machine name, or any."""
    names = [question.name.lower() for question in message.questions]
    return machine in names if machine else any(map(_MACHINE.fullmatch, names))


def said_of(name: str, message: DNSIncoming) -> list[Data]:
    """What it says that is, or is to be, under the name; goodbyes are nothing."""
    records = [record for record in message.answers() if record.ttl and record.name.lower() == name]
    return [(record.type, record.address if isinstance(record, DNSAddress) else b"") for record in records]


def outranks(theirs: Iterable[Data], own: Iterable[Data]) -> bool:
    """Of two who probe at once, whether the other one has the name: the later in the order of types and bytes."""
    return sorted(theirs) > sorted(own)


def is_address(data: Data) -> bool:
    """Whether it is an address."""
    return data[0] in (_A, _AAAA)
