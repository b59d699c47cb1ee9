"""Looks for chats where the network carries no announcements, by querying the addresses of this machine's subnets.

That is a scan. It starts only when a person asks for it, is limited to private subnets that this machine is in, and to
few addresses, few of them at a time.
"""

import asyncio
import ipaddress
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.discovery.query import query_chat
from chatdesk.ip import is_private

MAX_ADDRESSES = 1024
"""Half a minute at 32 a time and 0.8 s each."""
_MAX_PARALLEL = 32
"""Few enough for the connection table of a cheap router."""
_ANSWER_SECONDS = 0.8
"""A host in the same Wi-Fi answers within a fraction of this."""
_FAR_PREFIX = 22
"""The length of the prefix that leaves 1,024 addresses."""
_NEAR_PREFIX = 24
"""Hosts in the same room are mostly within this prefix."""


async def scan_subnets(
    networks: Iterable[Network],
    port: int,
    on_found: Callable[[FoundHost], None],
    on_progress: Callable[[int, int], None],
) -> bool:
    """Query the nearby addresses at this port; return whether these are all of the own networks. May be cancelled.

    ``on_found`` is called with each chat, ``on_progress`` with how many addresses were queried, of how many.
    """
    nearby = nearby_addresses(networks)
    addresses = nearby.addresses
    remaining = iter(addresses)
    queried = 0
    on_progress(0, len(addresses))

    async def query_next() -> None:
        nonlocal queried
        for address in remaining:
            host = await query_chat(f"{address}:{port}", _ANSWER_SECONDS)
            queried += 1
            if host:
                on_found(host)
            on_progress(queried, len(addresses))

    async with asyncio.TaskGroup() as group:
        for _ in range(_MAX_PARALLEL):
            group.create_task(query_next())
    return nearby.complete


@dataclass(frozen=True, slots=True)
class NearbyAddresses:
    """Addresses to query, the nearest first; ``complete``: these are all addresses of the own networks."""

    addresses: list[str]
    complete: bool


def nearby_addresses(networks: Iterable[Network]) -> NearbyAddresses:
    """Return addresses of other machines in this one's private IPv4 subnets, from each subnet in turn.

    Those around the own addresses come first. A VPN may be an employer's, and virtual networks lead to no people:
    nothing is queried there.
    """
    networks = [network for network in networks if network.kind is not NetworkKind.VIRTUAL]
    own = {address for network in networks for address in network.addresses}
    queried = [network for network in networks if network.kind is not NetworkKind.VPN]
    subnets = [subnet for network in queried for subnet in _subnets(network)]
    nearby = _interleaved([_nearest(subnet, _NEAR_PREFIX) for subnet in subnets])
    far = _interleaved([_nearest(subnet, _FAR_PREFIX) for subnet in subnets])
    addresses = [address for address in dict.fromkeys((*nearby, *far)) if address not in own]
    complete = len(queried) == len(networks) and all(
        is_private(str(subnet.ip)) and subnet.network.prefixlen >= _FAR_PREFIX for subnet in subnets
    )
    return NearbyAddresses(addresses[:MAX_ADDRESSES], complete and len(addresses) <= MAX_ADDRESSES)


def _subnets(network: Network) -> Iterator[ipaddress.IPv4Interface]:
    for own, prefix in zip(network.addresses, network.prefixes, strict=True):
        if ":" not in own:
            yield ipaddress.IPv4Interface(f"{own}/{prefix}")


def _nearest(subnet: ipaddress.IPv4Interface, widest: int) -> list[str]:
    """The addresses of a private subnet up to this prefix length, those around the own one first."""
    if not is_private(str(subnet.ip)):
        return []
    part = ipaddress.IPv4Network(f"{subnet.ip}/{max(subnet.network.prefixlen, widest)}", strict=False)
    nearest = sorted(part.hosts(), key=lambda address: abs(int(address) - int(subnet.ip)))
    return [str(address) for address in nearest]


def _interleaved(lists: list[list[str]]) -> list[str]:
    """Interleave the lists: the first of each, then the second of each, and so on."""
    return [address for row in itertools.zip_longest(*lists) for address in row if address]
