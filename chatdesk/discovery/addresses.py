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
    return _sending_address(socket.AF_INET, "192.0.2.1") or _any_private_address()


def shown_address(bind: str) -> str:
    """The address to give to others, for a server that listens on ``bind``."""
    ip = ipaddress.ip_address(bind)
    if not ip.is_unspecified:
        return bind
    if ip.version == 6:  # which listens on IPv6 alone
        return _sending_address(socket.AF_INET6, "2001:db8::1") or "::1"
    return reachable_address()


def web_url(address: str, port: int) -> str:
    """What a browser is given."""
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}:{port}"


def _sending_address(family: socket.AddressFamily, far: str) -> str | None:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            address: str = probe.getsockname()[0]
            return address
    except OSError:
        return None


def _any_private_address() -> str:
    candidates = [ipaddress.ip_address(text) for text in own_addresses() if ":" not in text]
    return next((str(ip) for ip in candidates if ip.is_private and not ip.is_loopback), "127.0.0.1")
