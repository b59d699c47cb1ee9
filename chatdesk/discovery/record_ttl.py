"""Service records with a short time to live, and their repeated announcement before that ends."""

from collections.abc import Mapping, Sequence

from zeroconf import ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

_TTL_SECONDS = 30
"""How long others show a chat whose host was killed. RFC 6762 recommends 75 minutes, for services that rarely change.
"""
ANNOUNCE_SECONDS = 12.0
"""Less than half the time to live: one of two announcements may be lost in a busy Wi-Fi."""


def service_info(
    kind: str, instance: str, port: int, text: Mapping[bytes, bytes], server: str, addresses: Sequence[str]
) -> ServiceInfo:
    """Return the records of a service, to be cached for a short time."""
    return ServiceInfo(
        kind,
        instance,
        port,
        properties=dict(text),
        server=server,
        other_ttl=_TTL_SECONDS,
        parsed_addresses=list(addresses),
    )


def announce_again(zeroconf: AsyncZeroconf) -> None:
    """Announce all registered services once more."""
    for info in zeroconf.zeroconf.registry.async_get_service_infos():
        zeroconf.zeroconf.async_send(zeroconf.zeroconf.generate_service_broadcast(info, None))
