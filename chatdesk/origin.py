"""Web origins and authorities: parsing of ``Host``, ``Origin``, ``--allow-host`` and ``--public-url``.

Names are compared in canonical spelling: lower case, without a final dot, addresses as from ``canonical_address``.
"""

import ipaddress
import re
import reprlib
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from chatdesk.blocked_ports import opens_in_browsers
from chatdesk.ip import canonical_address

_DEFAULT_PORTS = {"http": 80, "https": 443}  # where a URL names none
_AUTHORITY = re.compile(r"(?:\[([0-9A-Fa-f:.]+(?:%[\w.~-]+)?)\]|([\w.~!$&'()*+,;=-]+))(?::(\d{0,5}))?", re.ASCII)
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?")
_ONLY_NUMBERS = re.compile(r"[\d.]+", re.ASCII)
_KNOWN_NAMES = 1024  # of hosts, whose requests all name the same few
_SEGMENT = re.compile(r"(?!\.{1,2}$)[\w.~!$&'()*+,;=:@%-]+", re.ASCII)
_RESERVED_PATHS = frozenset({"about", "check", "health", "metrics", "reach", "ready", "stats"})
"""Paths of the chat's own endpoints: if a proxy used one as its folder, requests would be ambiguous."""
_AMBIGUOUS_CHARS = "ßς\u200c\u200d"
"""Characters that browsers encode differently from Python in the ASCII form of a name (IDNA 2008 and 2003)."""
HTTPS_ONLY_DOMAINS = frozenset(
    {
        *("android", "app", "bank", "boo", "channel", "chrome", "dad", "day", "dev", "eat", "esq", "fly", "foo", "gle"),
        *("gmail", "google", "hangout", "ing", "insurance", "meet", "meme", "mov", "new", "nexus", "page", "phd"),
        *("play", "prof", "rsvp", "search", "youtube", "zip"),
    }
)
"""Top-level domains that browsers open over https:// only, from their preload list: https://hstspreload.org/."""
_URL = "The public address, --public-url,"
_EXAMPLES = "such as https://chat.example.org or http://192.168.4.20/chat"


class Authority(NamedTuple):
    """A host in canonical spelling, and its port; None if none is given."""

    name: str
    port: int | None

    def __str__(self) -> str:
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port is None else f"{name}:{self.port}"


class Origin(NamedTuple):
    """Scheme, host and port of a page."""

    scheme: str
    name: str
    port: int

    def __str__(self) -> str:
        return (
            f"{self.scheme}://{Authority(self.name, None if self.port == _DEFAULT_PORTS[self.scheme] else self.port)}"
        )

    def is_at(self, authority: Authority) -> bool:
        """Whether a page of this origin is what a browser gets from ``authority``; no port is the usual one."""
        return self.name == authority.name and self.port == (authority.port or _DEFAULT_PORTS[self.scheme])


def parse_authority(text: str) -> Authority | None:
    """Parse a ``Host`` header; None if it is not valid."""
    match = _AUTHORITY.fullmatch(text)
    if not match or int(match[3] or 0) > 65535 or (match[1] and not _is_address(match[1])):
        return None
    return Authority(canonical_name(match[1] or match[2]), int(match[3]) if match[3] else None)


def parse_origin(text: str) -> Origin | None:
    """Parse an ``Origin`` header; None if it is not valid, and for pages without a host."""
    scheme, _, netloc = text.partition("://")
    scheme = scheme.lower()
    authority = parse_authority(netloc)
    if scheme not in _DEFAULT_PORTS or authority is None or netloc.endswith(":"):
        return None
    return Origin(scheme, authority.name, _DEFAULT_PORTS[scheme] if authority.port is None else authority.port)


def canonical_name(name: str) -> str:
    """The canonical spelling of a name or an address."""
    return canonical_address(name) if _is_address(name) else name.lower().removesuffix(".")


def parse_allowed_host(text: str) -> str:
    """A name for ``--allow-host``, perhaps with a port, in canonical spelling.

    Raises ValueError with a sentence that says what to set.
    """
    typed = text.strip()
    authority = parse_authority(_in_ascii(f"[{typed}]" if ":" in typed and _is_address(typed) else typed))
    if authority is None or not _is_host(authority.name) or authority.port == 0:
        raise ValueError(
            "--allow-host is a name, such as chat.example.org, or one with its port, such as chat.example.org:8000: "
            f"{reprlib.repr(text)} is none."
        )
    return str(authority)


def parse_public_url(text: str) -> str:
    """A URL for ``--public-url``, in canonical spelling: with a final slash after a path, without a default port.

    Raises ValueError with a sentence that says what to set.
    """
    scheme, separator, rest = text.strip().partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _DEFAULT_PORTS:
        raise ValueError(f"{_URL} begins with http:// or https://, {_EXAMPLES}: {reprlib.repr(text)} does not.")
    if set("?#@\\") & set(rest):
        raise ValueError(f"{_URL} has no ?, #, @ or \\ in it: it is what a browser is given, {_EXAMPLES}.")
    netloc, _, path = rest.partition("/")
    return f"{_public_origin(scheme, netloc)}{_public_path(path)}"


def origin_of(url: str) -> Origin:
    """The origin of a public address."""
    parts = urlsplit(url)
    return Origin(parts.scheme, canonical_name(parts.hostname or ""), parts.port or _DEFAULT_PORTS[parts.scheme])


def path_of(url: str) -> str:
    """The path of a public address, without its final slash; empty if it has none."""
    return urlsplit(url).path.rstrip("/")


def opens_over_http(name: str) -> bool:
    """Whether browsers open this name over http:// at the first visit."""
    return canonical_name(name).rpartition(".")[2] not in HTTPS_ONLY_DOMAINS


def canonical_url(url: str) -> str:
    """A public address in canonical spelling, without its final slash: origin and path."""
    return f"{origin_of(url)}{path_of(url)}"


def _public_origin(scheme: str, netloc: str) -> Origin:
    origin = parse_origin(f"{scheme}://{_in_ascii(netloc)}")
    if origin is None or not _is_host(origin.name) or origin.name.startswith("fe80:"):  # no browser opens these
        raise ValueError(f"{_URL} names no host that others can go to: {reprlib.repr(netloc)}. Give one {_EXAMPLES}.")
    if not origin.port:
        raise ValueError(f"The port of the public address, --public-url, is from 1 to 65535, not {origin.port}.")
    if scheme == "http" and not opens_over_http(origin.name):
        raise ValueError(f"{_URL} is of a name that browsers open over https:// alone: let the proxy encrypt.")
    if not opens_in_browsers(origin.port):
        raise ValueError(f"{_URL} is at port {origin.port}, which no browser opens: let the proxy take another.")
    return origin


def _public_path(path: str) -> str:
    path = path.rstrip("/")
    segments = path.split("/")
    if not path:
        return ""
    if not all(_SEGMENT.fullmatch(segment) and "%2e" not in segment.lower() for segment in segments):
        raise ValueError(f"{_URL} has a path that no browser leaves as it is: {reprlib.repr('/' + path)}.")
    if segments[-1] == "ws":
        raise ValueError(f"{_URL} is that of the page: leave /ws at its end out.")
    if path in _RESERVED_PATHS or segments[0] == "reach":
        raise ValueError(f"{_URL} is at /{path}, which is a part of the chat itself: take another path, such as /chat.")
    return f"/{path}/"


def _is_host(name: str) -> bool:
    if _is_address(name):
        return not ipaddress.ip_address(name).is_unspecified
    return bool(_NAME.fullmatch(name)) and not _ONLY_NUMBERS.fullmatch(name)


@lru_cache(_KNOWN_NAMES)
def _is_address(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name.partition("%")[0]))
    except ValueError:
        return False


def _in_ascii(netloc: str) -> str:
    """A name in any script in the ASCII form that browsers use (IDNA). Raises ValueError."""
    if netloc.isascii():
        return netloc
    try:
        if set(netloc) & set(_AMBIGUOUS_CHARS):
            raise UnicodeError
        name, colon, port = netloc.partition(":")
        return f"{name.encode('idna').decode()}{colon}{port}"
    except UnicodeError:
        raise ValueError(
            f"The name {reprlib.repr(netloc)} can be read in two ways, or in none: write it in Latin letters, as "
            "browsers ask for it (xn--…)."
        ) from None
