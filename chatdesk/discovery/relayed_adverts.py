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
from chatdesk.discovery.packets import Announcement, announcement_at, chat_pointers
from chatdesk.ip import is_private

_MAX_SENDERS = 8
_MAX_CHATS_OF_SENDER = 64
_MAX_ADDRESSES = 8
_MAX_QUESTIONS = 16
_A, _TXT, _AAAA, _SRV, _IN = 1, 16, 28, 33, 1
_SITE_BITS = {4: 16, 6: 48}
"""Addresses that begin alike are of one site, also where they are none that every site may use."""


class RelayedAdvert(NamedTuple):
    """What somebody says of a chat on another machine, and where it may be asked: one place for each version of IP."""

    announcement: Announcement
    endpoints: tuple[str, ...]


@dataclass(slots=True)
class _Chat:
    """As much of it as has been heard."""

    srv: DNSService | None = None
    txt: bytes | None = None
    addresses: dict[int, list[str]] = field(default_factory=dict)


_Chats = dict[str, _Chat]


class RelayedAdverts:
    """What is remembered of it, by the name of the chat, the latest last, for each who speaks; bounded."""

    def __init__(self) -> None:
        self._by_sender: dict[str, _Chats] = {}

    def add_packet(self, sender: str, message: DNSIncoming, networks: Collection[Network]) -> list[RelayedAdvert]:
        """Take in a packet: the chats in other networks than these that it speaks of, as far as they can be asked."""
        named = {record.alias.lower(): record.ttl for record in chat_pointers(message)}
        if not message.is_response() or not (named or sender in self._by_sender):
            return []
        chats = self._chats_of(sender)
        for name, seconds in named.items():
            if not seconds:
                chats.pop(name, None)
            else:
                chats[name] = chats.pop(name, _Chat())
        for name in list(chats)[:-_MAX_CHATS_OF_SENDER]:
            del chats[name]
        changed = set(named) | _merge(chats, message.answers())
        heard = (_relayed_advert(chats[name], sender, networks) for name in changed if name in chats)
        return [relayed for relayed in heard if relayed]

    def missing_records(self) -> list[DNSQuestion]:
        """What to ask for so that more can be made of it: a reflector may repeat a part of what it has heard."""
        chats = (item for chats_of_one in self._by_sender.values() for item in reversed(chats_of_one.items()))
        return list(islice((question for name, chat in chats for question in _missing(name, chat)), _MAX_QUESTIONS))

    def _chats_of(self, sender: str) -> _Chats:
        """What it has said; whoever has been silent for the longest is forgotten for it."""
        chats = self._by_sender.pop(sender, {})
        if len(self._by_sender) >= _MAX_SENDERS:
            del self._by_sender[next(iter(self._by_sender))]
        self._by_sender[sender] = chats
        return chats


def _merge(chats: _Chats, records: Sequence[DNSRecord]) -> set[str]:
    """Add what the records say of chats that are known by name: of which."""
    changed = set()
    for record in records:
        chat = chats.get(record.name.lower())
        if chat and record.ttl and isinstance(record, DNSService | DNSText):
            changed.add(record.name.lower())
            if isinstance(record, DNSText):
                chat.txt = record.text
            elif not chat.srv or chat.srv.server.lower() != record.server.lower():
                chat.srv, chat.addresses = record, {}
    machines: dict[str, dict[int, list[str]]] = {}
    for record in records:
        if isinstance(record, DNSAddress) and record.ttl:
            found = machines.setdefault(record.name.lower(), {}).setdefault(record.type, [])
            found.append(str(ipaddress.ip_address(record.address)))
    for name, chat in chats.items():
        if chat.srv and (addresses := machines.get(chat.srv.server.lower())):
            changed.add(name)
            chat.addresses |= {kind: found[:_MAX_ADDRESSES] for kind, found in addresses.items()}
    return changed


def _relayed_advert(chat: _Chat, sender: str, networks: Collection[Network]) -> RelayedAdvert | None:
    addresses = [address for kind in sorted(chat.addresses) for address in chat.addresses[kind]]
    if not chat.srv or chat.txt is None or sender in addresses:
        return None
    good = [address for address in addresses if may_be_queried(address, networks)]
    firsts = [next((address for address in good if (":" in address) == ipv6), "") for ipv6 in (False, True)]
    queried = [address for address in firsts if address]
    announcement = announcement_at(queried[0], chat.srv.port, chat.txt) if queried else None
    return (
        RelayedAdvert(announcement, tuple(with_port(address, chat.srv.port) for address in queried))
        if announcement
        else None
    )


def _missing(name: str, chat: _Chat) -> Iterator[DNSQuestion]:
    if not chat.srv or chat.txt is None:
        yield DNSQuestion(name, _SRV, _IN)
        yield DNSQuestion(name, _TXT, _IN)
    elif not chat.addresses:
        yield DNSQuestion(chat.srv.server, _A, _IN)
        yield DNSQuestion(chat.srv.server, _AAAA, _IN)


def may_be_queried(address: str, networks: Collection[Network]) -> bool:
    """Whether a machine at an address may be in a network that a router joins with ours, and is in none of ours."""
    if any(network.contains(address) for network in networks):
        return False
    return is_private(address) or any(
        _same_site(address, own_address) for own in networks for own_address in own.addresses
    )


def _same_site(address: str, own_address: str) -> bool:
    ip, own = ipaddress.ip_address(address), ipaddress.ip_address(own_address)
    return ip.version == own.version and ip in ipaddress.ip_network(f"{own}/{_SITE_BITS[own.version]}", strict=False)
