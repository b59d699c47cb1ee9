"""Announced records expire soon, and are announced again before that."""

from typing import cast

from zeroconf import DNSIncoming, DNSOutgoing, Zeroconf  # type: ignore[attr-defined]
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.record_ttl import ANNOUNCE_SECONDS, announce_again, service_info
from tests.netns import Networks, inside

KIND = "_chatdesk._tcp.local."


async def test_everything_is_announced_again_before_half_of_its_time_to_live() -> None:
    sent: list[DNSOutgoing] = []

    class RecordingZeroconf(Zeroconf):
        def async_send(self, out: DNSOutgoing, *_arguments: object) -> None:
            sent.append(out)

    with Networks() as networks, inside(networks.machine()):
        zeroconf = AsyncZeroconf(zc=RecordingZeroconf(interfaces=["127.0.0.1"]))
        for name in ("One", "Two"):
            info = service_info(KIND, f"{name}.{KIND}", 8080, {b"id": b"a"}, "one.local.", ["10.77.1.2"])
            zeroconf.zeroconf.registry.async_add(info)
        announce_again(cast(AsyncZeroconf, zeroconf))
        said = [record for out in sent for record in DNSIncoming(out.packets()[0]).answers()]
        await zeroconf.async_close()
    pointers = {record.alias: record.ttl for record in said if record.name == KIND}
    assert set(pointers) == {f"One.{KIND}", f"Two.{KIND}"}
    assert all(2 * ANNOUNCE_SECONDS < seconds <= 60 for seconds in pointers.values())
