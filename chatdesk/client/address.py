"""Turns what a person types into the URL of a chat's WebSocket, and that URL into the address of the page."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from chatdesk.ip import is_loopback
from chatdesk.protocol.text import strip_invisible

DEFAULT_PORT = 8080
"""The port of an address that names none; the server listens on it by default."""

OWN_SCHEME = "chatdesk"
"""A link with this scheme opens ChatDesk where it is installed."""

_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss", OWN_SCHEME: "ws"}
_NAME = re.compile(r"[^\W_](?:[\w.-]{0,251}[^\W_])?\.?")
_ONLY_NUMBERS = re.compile(r"[\d.]+")
_EXAMPLE = "Type it as it stands on the host's screen, such as 192.168.4.20:8080."


def parse_address(text: str) -> str:
    """Return the WebSocket URL for ``host``, ``host:port``, ``http://…``, ``chatdesk://…`` or ``ws://…/ws``.

    Raises ValueError with a sentence that says what to type.
    """
    typed = strip_invisible(text)
    if not typed:
        raise ValueError(f"The address is empty. {_EXAMPLE}")
    parts = _split(typed)
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None:
        raise ValueError(f"An address does not begin with {parts.scheme}://. {_EXAMPLE}")
    if "@" in parts.netloc:
        raise ValueError(f"An address has no @ in it. {_EXAMPLE}")
    port = _port(parts) or (None if "://" in typed and parts.scheme != OWN_SCHEME else DEFAULT_PORT)
    return f"{scheme}://{_host(parts)}{f':{port}' if port else ''}{_path(parts.path)}"


def chat_page_url(url: str) -> str:
    """Return the URL of the page of the chat whose WebSocket is at ``url``, as people read and type it."""
    scheme, _, rest = url.removesuffix("/ws").partition("://")
    return f"{'https' if scheme == 'wss' else 'http'}://{rest}"


def is_loopback_url(url: str) -> bool:
    """Whether the URL leads back to the computer that opens it, so that nobody else can use it."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or is_loopback(host)


def _split(typed: str) -> SplitResult:
    if "://" not in typed:
        typed = f"http://{f'[{typed}]' if _is_ipv6(typed) else typed}"
    try:
        return urlsplit(typed)
    except ValueError:
        raise ValueError(f"This is no address. {_EXAMPLE}") from None


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        raise ValueError(f"The port is a number from 1 to 65535. {_EXAMPLE}") from None
    if port == 0:
        raise ValueError(f"The port is a number from 1 to 65535. {_EXAMPLE}")
    return port


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if _is_ipv6(host):
        return f"[{host}]"
    if not _NAME.fullmatch(host) or (_ONLY_NUMBERS.fullmatch(host) and not _is_ipv4(host)):
        raise ValueError(f"This is no address of a computer. {_EXAMPLE}")
    return _in_ascii(host)


def _in_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        raise ValueError(f"This is no address of a computer. {_EXAMPLE}") from None


def _path(path: str) -> str:
    path = path.rstrip("/")
    return path if path.endswith("/ws") else f"{path}/ws"


def _is_ipv4(host: str) -> bool:
    try:
        return bool(ipaddress.IPv4Address(host))
    except ValueError:
        return False


def _is_ipv6(host: str) -> bool:
    try:
        return bool(ipaddress.IPv6Address(host))
    except ValueError:
        return False
