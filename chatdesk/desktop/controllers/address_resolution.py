"""Resolves what a person types or chooses to the address at which a chat answers. Imports no Qt."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from chatdesk.client.address import parse_address
from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.discovery.query import query_chat
from chatdesk.discovery.short_code import addresses_for_code

ANSWER_TIMEOUT = 2.0
"""Seconds that an address has to answer: in a local network it needs a fraction, and a person waits for it."""


async def first_answering(addresses: Sequence[str], server_id: str = "") -> str | None:
    """Return the first address at which a chat answers, or None. All are probed at the same time.

    With a ``server_id``, only that server counts.
    """
    tasks = [asyncio.create_task(query_chat(address, ANSWER_TIMEOUT)) for address in addresses]
    try:
        for address, task in zip(addresses, tasks, strict=True):
            host = await task
            if host and server_id in ("", host.server_id):
                return address
        return None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def candidates_for_code(code: str, networks: Sequence[Network], found: Sequence[FoundHost]) -> list[str]:
    """Return the addresses that a short code may stand for, those of found hosts first, as the most likely ones."""
    known = [address for host in found for address in host.addresses]
    near = [parts.hostname for address in known if (parts := urlsplit(f"//{address}")).hostname]
    found_network = Network("", NetworkKind.OTHER, "", tuple(near), (32,) * len(near))
    return sorted(addresses_for_code(code, [*networks, found_network]), key=lambda address: address not in known)


def host_and_port(address: str) -> str | None:
    """Return a typed address as ``host:port`` for a probe; None if it is not a plain ``ws://host/ws`` address."""
    try:
        parts = urlsplit(parse_address(address))
    except ValueError:
        return None
    return f"{parts.netloc}{'' if parts.port else ':80'}" if (parts.scheme, parts.path) == ("ws", "/ws") else None
