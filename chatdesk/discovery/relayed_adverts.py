"""Adverts that an mDNS reflector relays from another network, assembled from several packets. No I/O.

Anybody may have made them up. They only say which endpoints may be queried, and those are neither in our own networks,
where each machine announces itself, nor in the internet.
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
"""Reflectors in one network; beyond that the one that was silent for longest is dropped."""
_MAX_CHATS_OF_SENDER = 64
"""Chats of one sender; a flood must not fill the memory."""
_MAX_ADDRESSES = 8
"""Addresses of one chat and IP version; a host announces at most four."""
_MAX_QUESTIONS = 16
"""Questions for missing records that fit well into one packet."""
_A, _TXT, _AAAA, _SRV, _IN = 1, 16, 28, 33, 1
"""Record types and the class of the internet."""
_SITE_BITS = {4: 16, 6: 48}
"""Addresses with such a common prefix belong to one site, even if they are not private ones."""


class RelayedAdvert(NamedTuple):
    """An announcement of a chat on another machine, and its endpoints: at most one for each IP version."""

    announcement: Announcement
    endpoints: tuple[str, ...]


@dataclass(slots=True)
class _Chat:
    """The records of one chat, as far as they have been received."""

    srv: DNSService | None = None
    txt: bytes | None = None
    addresses: dict[int, list[str]] = field(default_factory=dict)


_Chats = dict[str, _Chat]


class RelayedAdverts:
    """The records that were received, by sender and by the name of the chat, the latest last; bounded."""

    def __init__(self) -> None:
        self._by_sender: dict[str, _Chats] = {}

    def add_packet(self, sender: str, message: DNSIncoming, networks: Collection[Network]) -> list[RelayedAdvert]:
        """Add the records of a packet; return the chats in other networks that can be queried now."""
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
        adverts = (_relayed_advert(chats[name], sender, networks) for name in changed if name in chats)
        return [relayed for relayed in adverts if relayed]

    def missing_records(self) -> list[DNSQuestion]:
        """Return questions for the records that are missing: a reflector may repeat only some of them."""
        chats = (item for chats_of_one in self._by_sender.values() for item in reversed(chats_of_one.items()))
        return list(islice((question for name, chat in chats for question in _missing(name, chat)), _MAX_QUESTIONS))

    def _chats_of(self, sender: str) -> _Chats:
        """The chats of a sender; the sender that was silent for longest is dropped if there are too many."""
        chats = self._by_sender.pop(sender, {})
        if len(self._by_sender) >= _MAX_SENDERS:
            del self._by_sender[next(iter(self._by_sender))]
        self._by_sender[sender] = chats
        return chats


def _merge(chats: _Chats, records: Sequence[DNSRecord]) -> set[str]:
    """Add the records to the chats that are known by name; return the names of those that changed."""
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
    allowed = [address for address in addresses if may_be_queried(address, networks)]
    first_of_each = [next((address for address in allowed if (":" in address) == ipv6), "") for ipv6 in (False, True)]
    queried = [address for address in first_of_each if address]
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
    """Whether the address may be in a network that a router joins with ours, and is in none of ours."""
    if any(network.contains(address) for network in networks):
        return False
    return is_private(address) or any(
        _same_site(address, own_address) for own in networks for own_address in own.addresses
    )


def _same_site(address: str, own_address: str) -> bool:
    ip, own = ipaddress.ip_address(address), ipaddress.ip_address(own_address)
    return ip.version == own.version and ip in ipaddress.ip_network(f"{own}/{_SITE_BITS[own.version]}", strict=False)
