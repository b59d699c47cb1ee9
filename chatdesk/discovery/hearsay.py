"""Chats that others speak of: what a reflector brings from another network, put together of several packets. No I/O.

Whoever sends it may have made it up. So nothing in it counts but where a chat may be asked for itself, and it leads
neither into our own networks, where each machine speaks for itself, nor out into the internet.
"""

import ipaddress
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from zeroconf import (  # type: ignore[attr-defined]  # packets are not in its __all__
    DNSAddress,
    DNSIncoming,
    DNSQuestion,
    DNSRecord,
    DNSService,
    DNSText,
)

from chatdesk.discovery.addresses import with_port
from chatdesk.discovery.networks import Network
from chatdesk.discovery.packets import Said, chat_at, pointers_in
from chatdesk.ip import is_private

_MOST_WHO_SPEAK = 8
_MOST_OF_ONE = 64
_MOST_ADDRESSES = 8
_MOST_QUESTIONS = 16
_A, _TEXT, _AAAA, _PLACE, _IN = 1, 16, 28, 33, 1
_SITE_BITS = {4: 16, 6: 48}
"""Addresses that begin alike are of one site, also where they are none that every site may use."""


class Hearsay(NamedTuple):
    """What somebody says of a chat on another machine, and where it may be asked: one place for each version of IP."""

    said: Said
    endpoints: tuple[str, ...]


@dataclass(slots=True)
class _Chat:
    """As much of it as has been heard."""

    place: DNSService | None = None
    text: bytes | None = None
    addresses: dict[int, list[str]] = field(default_factory=dict)


_Chats = dict[str, _Chat]


class Rumours:
    """What is remembered of it, by the name of the chat, the latest last, for each who speaks; bounded."""

    def __init__(self) -> None:
        self._spoken: dict[str, _Chats] = {}

    def hear(self, sender: str, message: DNSIncoming, networks: Collection[Network]) -> list[Hearsay]:
        """Take in a packet: the chats in other networks than these that it speaks of, as far as they can be asked."""
        named = {record.alias.lower(): record.ttl for record in pointers_in(message)}
        if not message.is_response() or not (named or sender in self._spoken):
            return []
        chats = self._of(sender)
        for name, seconds in named.items():
            if not seconds:
                chats.pop(name, None)
            else:
                chats[name] = chats.pop(name, _Chat())
        for name in list(chats)[:-_MOST_OF_ONE]:
            del chats[name]
        touched = set(named) | _take(chats, message.answers())
        heard = (_hearsay(chats[name], sender, networks) for name in touched if name in chats)
        return [hearsay for hearsay in heard if hearsay]

    def missing(self) -> list[DNSQuestion]:
        """What to ask for so that more can be made of it: a reflector may repeat a part of what it has heard."""
        chats = (item for spoken in self._spoken.values() for item in reversed(spoken.items()))
        return list(islice((question for name, chat in chats for question in _missing(name, chat)), _MOST_QUESTIONS))

    def _of(self, sender: str) -> _Chats:
        """What it has said; whoever has been silent for the longest is forgotten for it."""
        chats = self._spoken.pop(sender, {})
        if len(self._spoken) >= _MOST_WHO_SPEAK:
            del self._spoken[next(iter(self._spoken))]
        self._spoken[sender] = chats
        return chats


def _take(chats: _Chats, records: Sequence[DNSRecord]) -> set[str]:
    """Add what the records say of chats that are known by name: of which."""
    touched = set()
    for record in records:
        chat = chats.get(record.name.lower())
        if chat and record.ttl and isinstance(record, DNSService | DNSText):
            touched.add(record.name.lower())
            if isinstance(record, DNSText):
                chat.text = record.text
            elif not chat.place or chat.place.server.lower() != record.server.lower():
                chat.place, chat.addresses = record, {}
    machines: dict[str, dict[int, list[str]]] = {}
    for record in records:
        if isinstance(record, DNSAddress) and record.ttl:
            found = machines.setdefault(record.name.lower(), {}).setdefault(record.type, [])
            found.append(str(ipaddress.ip_address(record.address)))
    for name, chat in chats.items():
        if chat.place and (addresses := machines.get(chat.place.server.lower())):
            touched.add(name)
            chat.addresses |= {kind: found[:_MOST_ADDRESSES] for kind, found in addresses.items()}
    return touched


def _hearsay(chat: _Chat, sender: str, networks: Collection[Network]) -> Hearsay | None:
    addresses = [address for kind in sorted(chat.addresses) for address in chat.addresses[kind]]
    if not chat.place or chat.text is None or sender in addresses:
        return None
    good = [address for address in addresses if may_be_asked(address, networks)]
    firsts = [next((address for address in good if (":" in address) == ipv6), "") for ipv6 in (False, True)]
    places = [address for address in firsts if address]
    said = chat_at(places[0], chat.place.port, chat.text) if places else None
    return Hearsay(said, tuple(with_port(address, chat.place.port) for address in places)) if said else None


def _missing(name: str, chat: _Chat) -> Iterator[DNSQuestion]:
    if not chat.place or chat.text is None:
        yield DNSQuestion(name, _PLACE, _IN)
        yield DNSQuestion(name, _TEXT, _IN)
    elif not chat.addresses:
        yield DNSQuestion(chat.place.server, _A, _IN)
        yield DNSQuestion(chat.place.server, _AAAA, _IN)


def may_be_asked(address: str, networks: Collection[Network]) -> bool:
    """Whether a machine at an address may be in a network that a router joins with ours, and is in none of ours."""
    if any(network.contains(address) for network in networks):
        return False
    return is_private(address) or any(_are_of_one_site(address, mine) for own in networks for mine in own.addresses)


def _are_of_one_site(address: str, mine: str) -> bool:
    ip, own = ipaddress.ip_address(address), ipaddress.ip_address(mine)
    return ip.version == own.version and ip in ipaddress.ip_network(f"{own}/{_SITE_BITS[own.version]}", strict=False)
