"""Looking harder is a scan, and a polite one: only here, only few, only private."""

from chatdesk.discovery.look_harder import MOST_ADDRESSES, addresses_near, look_harder
from chatdesk.discovery.networks import Kind, Network

LOOPBACK = Network("lo", Kind.OTHER, "", ("127.0.0.1",), (8,))
SMALL = Network("eth0", Kind.ETHERNET, "", ("192.168.4.20", "fd00::2"), (29, 64))
LARGE = Network("eth1", Kind.ETHERNET, "", ("10.1.7.7",), (8,))
PUBLIC = Network("eth2", Kind.ETHERNET, "", ("203.0.113.7",), (24,))


def test_looking_harder_keeps_to_private_subnets_of_ones_own_and_to_few_addresses() -> None:
    assert addresses_near([SMALL]) == [f"192.168.4.{number}" for number in (19, 21, 18, 22, 17)]
    assert addresses_near([PUBLIC, LOOPBACK]) == []
    near = addresses_near([SMALL, LARGE, LARGE])
    assert len(near) == len(set(near)) == MOST_ADDRESSES
    assert near[:6] == [*addresses_near([SMALL]), "10.1.7.6"]
    assert all(address.startswith(("192.168.4.", "10.1.4.", "10.1.5.", "10.1.6.", "10.1.7.")) for address in near)
    assert not {"192.168.4.20", "10.1.7.7", "10.1.4.0", "10.1.7.255"} & set(near)


async def test_looking_harder_where_there_is_nobody_to_ask_ends_at_once() -> None:
    steps: list[tuple[int, int]] = []
    await look_harder([PUBLIC], 8080, lambda _found: None, lambda *step: steps.append(step))
    assert steps == [(0, 0)]
