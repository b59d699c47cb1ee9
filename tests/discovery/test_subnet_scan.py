"""A scan is polite: only here, only few addresses, only private ones."""

from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.networks import Network, NetworkKind, own_networks
from chatdesk.discovery.subnet_scan import MAX_ADDRESSES, NearbyAddresses, nearby_addresses, scan_subnets
from tests.discovery.chat_programs import finding_chats, serve
from tests.netns import Networks

SILENCE = """
table inet silence {
    chain input { type filter hook input priority 0; udp dport 5353 drop; }
    chain output { type filter hook output priority 0; udp dport 5353 drop; }
}
"""

SMALL = Network("eth0", NetworkKind.ETHERNET, "", ("192.168.4.20", "fd00::2"), (29, 64))
LARGE = Network("eth1", NetworkKind.ETHERNET, "", ("10.1.7.7",), (8,))
PUBLIC = Network("eth2", NetworkKind.ETHERNET, "", ("203.0.113.7",), (24,))


def test_a_scan_is_limited_to_private_own_subnets_and_few_addresses() -> None:
    assert nearby_addresses([SMALL]) == NearbyAddresses(
        [f"192.168.4.{number}" for number in (19, 21, 18, 22, 17)], complete=True
    )
    assert nearby_addresses([PUBLIC]) == NearbyAddresses([], complete=False)
    near = nearby_addresses([LARGE, LARGE])
    assert not near.complete
    assert len(near.addresses) == len(set(near.addresses)) == 1021
    assert near.addresses[:3] == ["10.1.7.6", "10.1.7.8", "10.1.7.5"]
    assert all(address.startswith(("10.1.4.", "10.1.5.", "10.1.6.", "10.1.7.")) for address in near.addresses)
    assert not {"10.1.7.7", "10.1.4.0", "10.1.7.255"} & set(near.addresses)


def test_each_network_has_its_share() -> None:
    wifi = Network("wlan0", NetworkKind.WIFI, "", ("192.168.77.5",), (24,))
    near = nearby_addresses([LARGE, wifi])
    assert (len(near.addresses), near.complete) == (MAX_ADDRESSES, False)
    assert sum(address.startswith("192.168.77.") for address in near.addresses) == 253
    assert {address.rpartition(".")[0] for address in near.addresses[:506]} == {"192.168.77", "10.1.7"}
    assert near.addresses[:4] == ["10.1.7.6", "192.168.77.4", "10.1.7.8", "192.168.77.6"]


def test_vpns_and_virtual_networks_are_not_scanned() -> None:
    vpn = Network("tun0", NetworkKind.VPN, "", ("10.8.0.5",), (24,))
    virtual = Network("docker0", NetworkKind.VIRTUAL, "", ("172.17.0.1",), (24,))
    assert nearby_addresses([SMALL, virtual]) == nearby_addresses([SMALL])
    assert nearby_addresses([SMALL, vpn]) == NearbyAddresses(nearby_addresses([SMALL]).addresses, complete=False)
    assert nearby_addresses([vpn, virtual]) == NearbyAddresses([], complete=False)


async def test_a_scan_without_addresses_ends_at_once() -> None:
    steps: list[tuple[int, int]] = []
    await scan_subnets([PUBLIC], 8080, lambda _found: None, lambda *step: steps.append(step))
    assert steps == [(0, 0)]


async def test_where_announcements_do_not_pass_it_finds_who_is_there_and_says_how_far_it_is() -> None:
    with Networks() as networks:
        lan, host, guest = networks.lan(), networks.machine(), networks.machine()
        host.plug(lan, "10.77.1.7/26")
        guest.plug(lan, "10.77.1.3/26")
        host.run(["nft", "-f", "-"], input=SILENCE, text=True)
        serve(host, "Robotics")
        async with finding_chats(guest) as finder:
            found: list[FoundHost] = []
            steps: list[tuple[int, int]] = []
            await scan_subnets(own_networks(), 8080, found.append, lambda *step: steps.append(step))
            assert finder.hosts == []
    assert [(host.name, host.addresses) for host in found] == [("Robotics", ("10.77.1.7:8080",))]
    assert steps == [(number, 61) for number in range(62)]
