"""Looking for chats where the network carries no announcements: every address of the own subnets is asked.

That is a scan. It begins only when a person asks for it, keeps to private subnets that this machine is in, and to few
addresses, few of them at a time.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Iterable, Iterator

from chatdesk.discovery.ask import ask
from chatdesk.discovery.found import FoundHost
from chatdesk.discovery.networks import Network, is_private

MOST_ADDRESSES = 1024
_AT_A_TIME = 32
_SECONDS = 0.8
_WIDEST = 22
"""The length of the prefix that leaves 1,024 addresses."""


async def look_harder(
    networks: Iterable[Network],
    port: int,
    on_found: Callable[[FoundHost], None],
    on_progress: Callable[[int, int], None],
) -> None:
    """Ask everybody near at this port; ``on_progress`` gets how many were asked, of how many. May be cancelled."""
    addresses = addresses_near(networks)
    waiting = iter(addresses)
    asked = 0
    on_progress(0, len(addresses))

    async def go_on_asking() -> None:
        nonlocal asked
        for address in waiting:
            found = await ask(f"{address}:{port}", _SECONDS)
            asked += 1
            if found:
                on_found(found)
            on_progress(asked, len(addresses))

    async with asyncio.TaskGroup() as group:
        for _ in range(_AT_A_TIME):
            group.create_task(go_on_asking())


def addresses_near(networks: Iterable[Network]) -> list[str]:
    """Other machines' addresses in the private IPv4 subnets of this one: the best network's first, the nearest first.

    Of a subnet that is too large, those around the own address.
    """
    networks = list(networks)
    own = {address for network in networks for address in network.addresses}
    near = (address for network in networks for address in _subnets(network) if address not in own)
    return list(dict.fromkeys(near))[:MOST_ADDRESSES]


def _subnets(network: Network) -> Iterator[str]:
    for own, prefix in zip(network.addresses, network.prefixes, strict=True):
        if ":" in own or not is_private(own):
            continue
        mine = int(ipaddress.IPv4Address(own))
        subnet = ipaddress.IPv4Network(f"{own}/{max(prefix, _WIDEST)}", strict=False)
        nearest = sorted(map(int, subnet.hosts()), key=lambda address: abs(address - mine))
        yield from (str(ipaddress.IPv4Address(address)) for address in nearest)
