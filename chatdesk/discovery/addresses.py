"""Addresses in text: all of this machine's, the one that others can reach, and how a browser is given it."""

import ipaddress

import ifaddr

from chatdesk.discovery.networks import own_networks

_NOBODY_ELSE = {4: "127.0.0.1", 6: "::1"}


def own_addresses() -> list[str]:
    """All IPv4 and IPv6 addresses of this machine's network cards, in text."""
    return [ip.ip if isinstance(ip.ip, str) else ip.ip[0] for adapter in ifaddr.get_adapters() for ip in adapter.ips]


def reachable_address(version: int = 4) -> str:
    """The address under which others on the network reach this machine; a loopback one when there is no network."""
    own = (address for network in own_networks() for address in network.addresses)
    return next((address for address in own if (":" in address) == (version == 6)), _NOBODY_ELSE[version])


def shown_address(bind: str) -> str:
    """The address to give to others, for a server that listens on ``bind``."""
    ip = ipaddress.ip_address(bind)
    return reachable_address(ip.version) if ip.is_unspecified else bind


def with_port(address: str, port: int) -> str:
    """An address and a port in one."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def web_url(address: str, port: int) -> str:
    """What a browser is given."""
    return f"http://{with_port(address, port)}"
