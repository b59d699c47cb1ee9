"""Looking harder is a scan, and a polite one: only here, only few, only private."""

from chatdesk.discovery.found import FoundHost
from chatdesk.discovery.look_harder import MOST_ADDRESSES, addresses_near, look_harder
from chatdesk.discovery.networks import Kind, Network, own_networks
from tests.discovery.around import looking, serve
from tests.netns import Networks

SILENCE = """
table inet silence {
    chain input { type filter hook input priority 0; udp dport 5353 drop; }
    chain output { type filter hook output priority 0; udp dport 5353 drop; }
}
"""

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


async def test_where_announcements_do_not_pass_it_finds_who_is_there_and_says_how_far_it_is() -> None:
    with Networks() as networks:
        lan, host, guest = networks.lan(), networks.machine(), networks.machine()
        host.plug(lan, "10.77.1.7/26")
        guest.plug(lan, "10.77.1.3/26")
        host.run(["nft", "-f", "-"], input=SILENCE, text=True)
        serve(host, "Robotics")
        async with looking(guest) as looker:
            found: list[FoundHost] = []
            steps: list[tuple[int, int]] = []
            await look_harder(own_networks(), 8080, found.append, lambda *step: steps.append(step))
            assert looker.hosts == []
    assert [(host.name, host.addresses) for host in found] == [("Robotics", ("10.77.1.7:8080",))]
    assert steps == [(number, 61) for number in range(62)]
