"""The addresses of this machine, the one that others can reach first."""

import ipaddress
import socket

import ifaddr


def own_addresses() -> list[str]:
    """All IPv4 and IPv6 addresses of this machine's network cards, in text."""
    return [ip.ip if isinstance(ip.ip, str) else ip.ip[0] for adapter in ifaddr.get_adapters() for ip in adapter.ips]


def reachable_address() -> str:
    """The address under which others on the network reach this machine; 127.0.0.1 when there is no network.

    The system says from which address it would send to a far one; nothing is sent.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address: str = probe.getsockname()[0]
        except OSError:
            return _any_private_address()
    return address


def shown_address(bind: str) -> str:
    """The address to give to others, for a server that listens on ``bind``."""
    return reachable_address() if ipaddress.ip_address(bind).is_unspecified else bind


def web_url(address: str, port: int) -> str:
    """What a browser is given."""
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}:{port}"


def _any_private_address() -> str:
    candidates = [ipaddress.ip_address(text) for text in own_addresses() if ":" not in text]
    return next((str(ip) for ip in candidates if ip.is_private and not ip.is_loopback), "127.0.0.1")
