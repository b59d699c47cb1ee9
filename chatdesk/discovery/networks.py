"""The networks that this machine is in, the one where others can most likely reach it first."""

import ipaddress
import re
import socket
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import ifaddr

from chatdesk.discovery.interface_state import interfaces_down
from chatdesk.discovery.ipv6_flags import Ipv6Flags, ipv6_flags
from chatdesk.discovery.wifi import wifi_name

_FAR_ADDRESSES = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses for documentation: the own address that the system would send from shows where its default route begins."""


class NetworkKind(StrEnum):
    """The kind of network behind an interface, as far as its name shows."""

    WIFI = "wifi"
    ETHERNET = "ethernet"
    VPN = "vpn"
    VIRTUAL = "virtual"
    OTHER = "other"


_KINDS = (  # names used by Linux, macOS, Windows and by vendors; the first match counts
    (
        NetworkKind.VIRTUAL,
        r"docker|br-[0-9a-f]{4}|veth|virbr|vnet|vmnet|vboxnet|lx[cd]|incus|cni|cali|flannel|podman|kube|dummy|ifb"
        r"|bridge\d|vethernet|.*(hyper-v|vmware|virtualbox|parallels|loopback)",
    ),
    (
        NetworkKind.VPN,
        r"u?tun\d|tap\d?|wg|ppp|ipsec|gre|zt|ham\d|tailscale|nordlynx|proton|cscotun|.*(\bvpn|openvpn|wireguard|wintun"
        r"|tap-windows|tailscale|zerotier|hamachi|anyconnect|globalprotect|fortinet|warp)",
    ),
    (NetworkKind.WIFI, r"wlan|wlp|wlx|wlo|wl\d|ath\d|.*(wi-?fi|wireless|wlan|802\.11)"),
    (NetworkKind.ETHERNET, r"eth|enp|eno|ens|enx|em\d|.*(ethernet|gigabit|gbe)"),
)
_PREFERENCE = (NetworkKind.ETHERNET, NetworkKind.WIFI, NetworkKind.OTHER, NetworkKind.VPN, NetworkKind.VIRTUAL)


@dataclass(frozen=True, slots=True)
class Network:
    """One interface of this machine, with its addresses (IPv4 first) and the prefix length of each.

    Temporary IPv6 addresses are left out if there is a lasting one. ``name`` is what people call the network: the
    SSID of a Wi-Fi, where the system says. ``index`` is the system's number for the interface: one that was
    unplugged and plugged in again has another, and its old sockets are dead.
    """

    interface: str
    kind: NetworkKind
    name: str
    addresses: tuple[str, ...]
    prefixes: tuple[int, ...]
    index: int = 0

    def contains(self, address: str) -> bool:
        """Whether an address is in this network, without a router in between."""
        ip = ipaddress.ip_address(address)
        own = zip(self.addresses, self.prefixes, strict=True)
        return any(ip in ipaddress.ip_network(f"{own_address}/{prefix}", strict=False) for own_address, prefix in own)

    def restricted_to(self, wanted: Callable[[str], bool]) -> "Network":
        """Return the network with only those of its addresses for which ``wanted`` returns true; there may be none."""
        kept = [pair for pair in zip(self.addresses, self.prefixes, strict=True) if wanted(pair[0])]
        addresses, prefixes = (tuple(address for address, _ in kept), tuple(prefix for _, prefix in kept))
        return replace(self, addresses=addresses, prefixes=prefixes)


_NO_FLAGS = Ipv6Flags()


def own_networks() -> list[Network]:
    """Return the networks of this machine without loopback, the one where others can most likely reach it first."""
    sender_addresses = {address for family, far in _FAR_ADDRESSES if (address := _sending_address(family, far))}
    adapters = list(ifaddr.get_adapters())
    down = interfaces_down(adapter.name for adapter in adapters)
    up = [adapter for adapter in adapters if adapter.name not in down]
    return [_named(network) for network in rank_networks(up, sender_addresses, _is_wireless, ipv6_flags())]


def rank_networks(
    adapters: Iterable[ifaddr.Adapter],
    sender_addresses: Collection[str],
    is_wireless: Callable[[str], bool] = lambda _interface: False,
    ipv6_flags: Ipv6Flags = _NO_FLAGS,
) -> list[Network]:
    """Return the adapters as networks, best first; ``sender_addresses`` are those that this machine sends from.

    The network of the default route is the best one, unless it is a VPN: all traffic may leave through that, but
    nobody in the room comes in by it.
    """
    networks = [network for adapter in adapters if (network := _network(adapter, is_wireless, ipv6_flags))]
    return sorted(networks, key=lambda network: _rank(network, sender_addresses))


def _rank(network: Network, sender_addresses: Collection[str]) -> tuple[bool, bool, int]:
    is_default_route = network.kind is not NetworkKind.VPN and any(
        address in sender_addresses for address in network.addresses
    )
    link_local = all(ipaddress.ip_address(address).is_link_local for address in network.addresses)
    return not is_default_route, link_local, _PREFERENCE.index(network.kind)


def _network(adapter: ifaddr.Adapter, is_wireless: Callable[[str], bool], ipv6_flags: Ipv6Flags) -> Network | None:
    """The adapter as others see it; None if nobody can reach it."""
    usable = [(ip, prefix) for ip, prefix in _addresses(adapter) if _is_reachable(ip)]
    usable = [item for item in usable if str(item[0]) not in ipv6_flags.unusable]
    stable = [item for item in usable if str(item[0]) not in ipv6_flags.temporary]
    usable = stable if any(ip.version == 6 for ip, _ in stable) else usable
    if not usable:
        return None
    usable.sort(key=lambda item: item[0].version)
    interface = adapter.ips[0].nice_name  # on Windows, its own name is a number only
    kind = NetworkKind.WIFI if is_wireless(adapter.name) else _kind(interface, adapter.nice_name)
    addresses, prefixes = zip(*((str(ip), prefix) for ip, prefix in usable), strict=True)
    return Network(interface, kind, "", addresses, prefixes, adapter.index or 0)


def _named(network: Network) -> Network:
    return replace(network, name=wifi_name(network.interface)) if network.kind is NetworkKind.WIFI else network


def _addresses(adapter: ifaddr.Adapter) -> Iterator[tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]]:
    for own in adapter.ips:
        text = own.ip if isinstance(own.ip, str) else own.ip[0]
        yield ipaddress.ip_address(text.partition("%")[0]), own.network_prefix


def _is_reachable(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """IPv6 link-local addresses work only together with the name of an interface, which differs on each machine."""
    return not (ip.is_loopback or ip.is_unspecified or ip.is_multicast or (ip.version == 6 and ip.is_link_local))


def _kind(*names: str) -> NetworkKind:
    return next(
        (kind for kind, pattern in _KINDS for name in names if re.match(pattern, name, re.I)), NetworkKind.OTHER
    )


def _is_wireless(interface: str) -> bool:
    """Linux says, whatever the interface is called."""
    return Path("/sys/class/net", interface, "wireless").exists()


def _sending_address(family: socket.AddressFamily, far: str) -> str | None:
    """The own address that the system would use to send to a far one; nothing is sent."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            address: str = probe.getsockname()[0]
            return address
    except OSError:
        return None
