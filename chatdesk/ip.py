"""Addresses as text: one spelling for each, which are nobody's on the internet, and what a server listens on."""

import ipaddress

PRIVATE_NETWORKS = tuple(
    ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""Those that every site may use for itself."""


EVERY_ADDRESS = "::"
"""Bound to this, a server listens on all addresses of the machine, those of IPv4 included; to 0.0.0.0, on IPv4's."""


def is_private(address: str) -> bool:
    """Whether this is an address that every site may use for itself, and not this computer's own loopback."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in PRIVATE_NETWORKS)


def canonical_address(address: str) -> str:
    """One spelling for each address: without an interface, and IPv4 as such; nothing for nothing.

    Raises ValueError for what is no address.
    """
    if not address:
        return ""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return str(mapped or ip)


def listens_on(bind: str, address: str) -> bool:
    """Whether a server that is bound to ``bind`` takes connections to this address of its machine."""
    bound, ip = (ipaddress.ip_address(canonical_address(text)) for text in (bind, address))
    return bound == ip or (bound.is_unspecified and bound.version in (6, ip.version))


def network_of(address: str) -> str:
    """Whose an address is: a machine may have all the IPv6 addresses that begin with the same 64 bits."""
    plain = canonical_address(address)
    return str(ipaddress.ip_network(f"{plain}/64", strict=False)) if ":" in plain else plain


def endpoint_address(end: object) -> str:
    """The address in what a socket tells of one of its ends, in its plain spelling; empty where it tells none."""
    return canonical_address(str(end[0])) if isinstance(end, tuple) else ""
