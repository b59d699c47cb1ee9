"""Reads and builds the multicast DNS packets about chats. No I/O.

Only the packet itself counts, together with its sender: records collected from several packets may come from anybody.
"""

import ipaddress
from collections.abc import Iterable
from typing import NamedTuple

from zeroconf import (  # type: ignore[attr-defined]  # packets are not in its __all__
    DNSAddress,
    DNSIncoming,
    DNSNsec,
    DNSOutgoing,
    DNSPointer,
    DNSQuestion,
    DNSService,
    DNSText,
    ServiceInfo,
)

from chatdesk.discovery.addresses import with_port
from chatdesk.discovery.advert import SERVICE, parse_txt_record

_QUERY, _PTR, _IN = 0, 12, 1
"""Flags of a query, the type of pointers, the class of the internet."""
_LABEL_BYTES, _NAME_BYTES = 63, 253
"""Limits of DNS names."""
_LOW_PORTS = (80, 443)
"""The system ports that a chat may have; all others below 1024 belong to services of the system."""
_PRINTING_PORTS = range(9100, 9110)
"""Printers print whatever is sent to these ports, even a query."""


ALL_CHATS_QUESTION = DNSQuestion(SERVICE, _PTR, _IN)
"""The question for all chats."""


class Announcement(NamedTuple):
    """A chat as a machine announces it: the endpoint, the raw TXT record, and other endpoints of the same machine."""

    endpoint: str
    txt: bytes
    other_endpoints: frozenset[str]


def build_query(questions: Iterable[DNSQuestion]) -> DNSOutgoing:
    """Return a multicast query without known answers: those were written by others."""
    packet = DNSOutgoing(_QUERY)
    for question in questions:
        packet.add_question(question)
    return packet


def announcements_from(sender: str, message: DNSIncoming) -> list[Announcement]:
    """Return the chats on the sender itself: no machine announces for another one."""
    records = message.answers()
    services = {record.name.lower(): record for record in records if isinstance(record, DNSService) and record.ttl}
    txt_records = {record.name.lower(): record.text for record in records if isinstance(record, DNSText)}
    packed = ipaddress.ip_address(sender).packed
    own = {record.name.lower() for record in records if isinstance(record, DNSAddress) and record.address == packed}
    names = {record.alias.lower() for record in chat_pointers(message) if record.ttl}
    described = [(services[name], txt_records[name]) for name in names if name in services and name in txt_records]
    announcements = [
        announcement_at(sender, service.port, txt) for service, txt in described if service.server.lower() in own
    ]
    return [chat for chat in announcements if chat]


def has_goodbye(message: DNSIncoming) -> bool:
    """Whether the packet says that a chat has ended."""
    return any(not record.ttl for record in chat_pointers(message))


def has_valid_names(message: DNSIncoming) -> bool:
    """Whether all names have legal lengths: others raise when zeroconf serializes them again."""
    names = [question.name for question in message.questions]
    for record in message.answers():
        names.append(record.name)
        if isinstance(record, DNSPointer):
            names.append(record.alias)
        elif isinstance(record, DNSService):
            names.append(record.server)
        elif isinstance(record, DNSNsec):
            names.append(record.next_name)
    return all(map(_is_name, names))


def chat_pointers(message: DNSIncoming) -> list[DNSPointer]:
    """Return the pointers to chats, with their time to live."""
    return [r for r in message.answers() if isinstance(r, DNSPointer) and r.name.lower() == SERVICE]


def announcement_at(address: str, port: int, txt: bytes) -> Announcement | None:
    """Return the announcement of a chat at an address; None if it cannot be one."""
    info = ServiceInfo(SERVICE, f"x.{SERVICE}", port, properties=txt)
    if (
        port in _PRINTING_PORTS
        or (port < 1024 and port not in _LOW_PORTS)
        or not parse_txt_record(info.properties, port)
    ):
        return None
    services = (info.properties.get(b"at") or b"").decode(errors="replace").split(",")
    return Announcement(with_port(address, port), txt, frozenset(with_port(service, port) for service in services))


def _is_name(name: str) -> bool:
    labels = [len(label) for label in name.encode(errors="replace").split(b".")]
    return max(labels) <= _LABEL_BYTES and sum(labels) + len(labels) <= _NAME_BYTES
