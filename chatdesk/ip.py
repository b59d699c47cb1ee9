"""IP addresses as text: canonical spelling, private addresses, and which addresses a bound server accepts."""

import ipaddress
from functools import lru_cache

PRIVATE_NETWORKS = tuple(
    ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""Networks for private use (RFC 1918, RFC 4193). ``ipaddress.is_private`` has more, such as link-local ones."""

_KNOWN_ADDRESSES = 1024
"""Spellings that are kept: to read one takes longer than all else that is done with it for a connection."""

_NO_NETWORK = "{!r} is no network of proxies: --trusted-proxy takes an address or a network, such as 10.0.0.0/24."
_EVERYBODY = "{} is everybody, who could all claim any address: --trusted-proxy takes those of the proxies alone."

EVERY_ADDRESS = "::"
"""A server that is bound to this listens on all addresses of the machine, including IPv4."""


def is_private(address: str) -> bool:
    """Whether the address belongs to a private network; False for loopback, and for text that is no address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in PRIVATE_NETWORKS)


def is_loopback(address: str) -> bool:
    """Whether the address leads back to the machine that uses it; False for text that is no address."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


@lru_cache(_KNOWN_ADDRESSES)
def canonical_address(address: str) -> str:
    """The canonical spelling: without an interface, and a mapped address as IPv4. Empty text stays empty.

    Raises ValueError if it is no address.
    """
    if not address:
        return ""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return str(mapped or ip)


def parse_network(text: str) -> str:
    """The canonical spelling of a network in CIDR notation, or of one address. Raises ValueError with a sentence."""
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise ValueError(_NO_NETWORK.format(text)) from None
    if network.prefixlen == 0:
        raise ValueError(_EVERYBODY.format(text))
    return str(network)


def listens_on(bind: str, address: str) -> bool:
    """Whether a server that is bound to ``bind`` accepts connections at this address of its machine."""
    bound, ip = (ipaddress.ip_address(canonical_address(text)) for text in (bind, address))
    return bound == ip or (bound.is_unspecified and bound.version in (6, ip.version))


def network_of(address: str) -> str:
    """The address itself for IPv4, its /64 for IPv6, in which one computer may have any number of addresses."""
    plain = canonical_address(address)
    return str(ipaddress.ip_network(f"{plain}/64", strict=False)) if ":" in plain else plain


def endpoint_address(end: object) -> str:
    """The canonical address of a socket's end, as from ``getpeername``; empty if it has none."""
    return canonical_address(str(end[0])) if isinstance(end, tuple) else ""
