"""Of several networks, the one by which others can come in is first."""

import itertools

import ifaddr
import pytest

from chatdesk.discovery.networks import Network, NetworkKind, own_networks, rank_networks
from chatdesk.ip import is_private
from tests.netns import Networks, inside


def adapter(name: str, *addresses: str, friendly: str = "") -> ifaddr.Adapter:
    """An interface as the library returns it; on Windows ``name`` is the device's, ``friendly`` the user's."""
    ips = []
    for address in addresses:
        ip, _, prefix = address.partition("/")
        ips.append(ifaddr.IP((ip, 0, 0) if ":" in ip else ip, int(prefix), friendly or name))
    return ifaddr.Adapter(name, name, ips)


def order(*adapters: ifaddr.Adapter, senders: tuple[str, ...] = (), wireless: str = "") -> list[str]:
    """The names of the interfaces, best first, in whatever order the system lists them."""
    orders = {
        tuple(network.interface for network in rank_networks(mixed, senders, lambda name: name == wireless))
        for mixed in itertools.permutations(adapters)
    }
    (only,) = orders
    return list(only)


LAN = adapter("enp3s0", "192.168.4.20/24")
WIFI = adapter("wlp2s0", "192.168.7.31/24")
VPN = adapter("tun0", "10.8.0.6/24")
DOCKER = adapter("docker0", "172.17.0.1/16")


NAMES = {
    NetworkKind.WIFI: "wlp2s0, wlan0, wlx00c0ca, Wi-Fi, WLAN, Wi-Fi 2, Intel(R) Wireless",
    NetworkKind.ETHERNET: "eth0, enp3s0, eno1, ens33, enx8cae4c, em1, Ethernet, Ethernet 2, Realtek Gigabit",
    NetworkKind.VPN: "tun0, tap0, wg0, wg-home, utun3, tailscale0, ppp0, zt7nnig26, nordlynx, TAP-Windows Adapter V9,"
    " WireGuard Tunnel, OpenVPN Wintun, Tailscale, Mullvad VPN",
    NetworkKind.VIRTUAL: "docker0, br-0a1b2c3d4e5f, veth1a2b3c, virbr0, vboxnet0, vmnet8, lxdbr0,"
    " bridge100, podman0, cni0,"
    " vEthernet (WSL), VMware Network Adapter VMnet8, VirtualBox Host-Only Network, Hyper-V Virtual Ethernet Adapter",
    NetworkKind.OTHER: "en0, br0, bond0, usb0, wwan0, lan0, vlan10, tunnel, ",
}


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for kind in NAMES for name in NAMES[kind].split(", ")])
def test_the_kind_shows_in_the_name(name: str, kind: NetworkKind) -> None:
    (network,) = rank_networks([adapter(name, "10.0.0.1/24")], ())
    assert network.kind is kind


def test_linux_tells_what_is_wireless_whatever_its_name() -> None:
    (network,) = rank_networks([adapter("internet", "10.0.0.1/24")], (), lambda name: name == "internet")
    assert network.kind is NetworkKind.WIFI


def test_windows_own_names_are_not_for_people() -> None:
    (network,) = rank_networks([adapter("{846EE342}", "10.0.0.1/24", friendly="Wi-Fi")], ())
    assert (network.interface, network.kind) == ("Wi-Fi", NetworkKind.WIFI)


def test_the_one_that_leads_out_stands_first_then_cable_wifi_vpn_and_containers() -> None:
    assert order(LAN, WIFI, VPN, DOCKER, senders=("192.168.7.31",)) == ["wlp2s0", "enp3s0", "tun0", "docker0"]
    assert order(LAN, WIFI, VPN, DOCKER) == ["enp3s0", "wlp2s0", "tun0", "docker0"]


def test_a_vpn_that_takes_everything_is_still_not_where_people_in_the_room_come_in() -> None:
    assert order(LAN, VPN, DOCKER, senders=("10.8.0.6",)) == ["enp3s0", "tun0", "docker0"]


def test_a_virtual_switch_that_carries_the_machines_only_way_out_is_a_real_network() -> None:
    switch = adapter("vEthernet (External)", "192.168.4.20/24")
    assert order(switch, adapter("Ethernet", "169.254.3.4/16"), senders=("192.168.4.20",))[0] == "vEthernet (External)"


def test_an_interface_with_a_link_local_address_comes_last() -> None:
    assert order(adapter("eth0", "169.254.9.9/16"), WIFI, VPN) == ["wlp2s0", "tun0", "eth0"]


def test_ipv4_stands_first_and_what_leads_nobody_here_is_left_out() -> None:
    networks = rank_networks(
        [
            adapter("lo", "127.0.0.1/8", "::1/128"),
            adapter("eth0", "fe80::1/64", "2001:db8::7/64", "fd00::7/64", "192.168.4.20/24"),
            adapter("awdl0", "fe80::2/64"),
            adapter("eth1"),
        ],
        (),
    )
    assert networks == [
        Network("eth0", NetworkKind.ETHERNET, "", ("192.168.4.20", "2001:db8::7", "fd00::7"), (24, 64, 64)),
    ]


def test_a_network_contains_its_own_addresses_and_its_neighbours_alone() -> None:
    (network,) = rank_networks([adapter("eth0", "192.168.4.20/23", "fd00::7/64")], ())
    assert all(map(network.contains, ("192.168.4.20", "192.168.5.255", "fd00::1")))
    assert not any(map(network.contains, ("192.168.6.1", "8.8.8.8", "fd00:0:0:1::1", "::ffff:192.168.4.20")))


@pytest.mark.parametrize("address", ["10.0.0.1", "172.31.255.1", "192.168.0.1", "fd12::1", "fc00::"])
def test_private_addresses(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.32.0.1", "127.0.0.1", "0.0.0.0", "224.0.0.251", "2001:db8::1", "fe80::1", "ff02::fb", "::"],
)
def test_addresses_that_are_not_private(address: str) -> None:
    assert not is_private(address)


def test_this_machines_own_are_without_loopback() -> None:
    for network in own_networks():
        assert network.addresses
        assert len(network.addresses) == len(network.prefixes)
        assert not {"127.0.0.1", "::1"} & set(network.addresses)


def test_where_an_interface_is_switched_off_there_is_no_network() -> None:
    """Linux keeps listing its IPv4 address."""
    with Networks() as networks:
        machine = networks.machine()
        machine.plug(networks.lan(), "10.77.1.2/24")
        with inside(machine):
            for state, interfaces in (("up", ["eth0"]), ("down", []), ("up", ["eth0"])):
                machine.run(["ip", "link", "set", "eth0", state])
                assert [network.interface for network in own_networks()] == interfaces
