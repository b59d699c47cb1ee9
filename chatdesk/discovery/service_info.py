"""How long others remember what was announced, and saying it again before they forget."""

from collections.abc import Mapping, Sequence

from zeroconf import ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

_TTL_SECONDS = 30
"""For so long others show a chat whose host was killed. RFC 6762 has 75 minutes, for machines that rarely change."""
ANNOUNCE_SECONDS = 12.0
"""Of two announcements one may be lost, as in a full Wi-Fi."""


def service_info(
    kind: str, instance: str, port: int, text: Mapping[bytes, bytes], server: str, addresses: Sequence[str]
) -> ServiceInfo:
    """What is announced, to be remembered for a short time."""
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
    """Announce once more all that is announced."""
    for info in zeroconf.zeroconf.registry.async_get_service_infos():
        zeroconf.zeroconf.async_send(zeroconf.zeroconf.generate_service_broadcast(info, None))
