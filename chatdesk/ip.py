"""Addresses as text: one spelling for each, and which of them are nobody's on the internet."""

import ipaddress

PRIVATE_NETWORKS = tuple(
    ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""Those that every site may use for itself."""


def is_private(address: str) -> bool:
    """Whether this is an address that every site may use for itself, and not this computer's own loopback."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in PRIVATE_NETWORKS)


def plain_address(address: str) -> str:
    """One spelling for each address: without an interface, and IPv4 as such; nothing for nothing.

    Raises ValueError for what is no address.
    """
    if not address:
        return ""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return str(mapped or ip)
