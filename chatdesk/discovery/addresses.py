"""Addresses as text: all of this machine's, the one to give to others, and URLs made of them."""

import ipaddress
import socket

import ifaddr

from chatdesk.discovery.networks import own_networks
from chatdesk.ip import listens_on

_LOOPBACK = ("127.0.0.1", "::1")


def own_addresses() -> list[str]:
    """Return all IPv4 and IPv6 addresses of this machine's network interfaces."""
    return [ip.ip if isinstance(ip.ip, str) else ip.ip[0] for adapter in ifaddr.get_adapters() for ip in adapter.ips]


def shown_address(bind: str) -> str:
    """Return the address to give to others for a server bound to ``bind``; a loopback one when there is no network."""
    if not ipaddress.ip_address(bind).is_unspecified:
        return bind
    own = (address for network in own_networks() for address in network.addresses)
    return next((address for address in own if listens_on(bind, address)), None) or loopback_address(bind)


def why_unreachable(bind: str) -> str:
    """Return why others cannot reach a server that should listen on all addresses; empty when they can."""
    if not ipaddress.ip_address(bind).is_unspecified or not ipaddress.ip_address(shown_address(bind)).is_loopback:
        return ""
    if own_networks():
        return "this computer has no IPv4 address in a network, and --bind 0.0.0.0 leaves out IPv6"
    return "this computer has no address in a network"


def loopback_address(bind: str) -> str:
    """Return the address by which this machine itself reaches a server that is bound to ``bind``."""
    if not ipaddress.ip_address(bind).is_unspecified:
        return bind
    usual = [address for address in _LOOPBACK if listens_on(bind, address)]
    return next((address for address in usual if _is_here(address)), usual[0])


def _is_here(address: str) -> bool:
    """Whether this machine has the address, or its address family at all."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def with_port(address: str, port: int) -> str:
    """Return ``address:port``, with brackets around an IPv6 address."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def web_url(address: str, port: int, *, encrypted: bool = False) -> str:
    """Return the URL of a server, http or https."""
    return f"{'https' if encrypted else 'http'}://{with_port(address, port)}"
