"""Whether the host at an address is the one that the person knows, before anything is sent to it.

A chat's own authority is unknown to this computer. The client looks at its key once, the person compares it, and from
then on this key alone is accepted there (trust on first use). A chat whose certificate this computer trusts anyway
needs none of this.
"""

import asyncio
import contextlib
import ssl
import sys
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chatdesk.client.address import is_loopback_url
from chatdesk.client.known_hosts import KnownHost, KnownHosts
from chatdesk.client.tls import next_address_delay, speaks_tls, system_tls_context

if TYPE_CHECKING:
    from chatdesk.certificates.shown import ShownKey

_LOOK_SECONDS = 5.0
_DEFAULT_PORTS = {"ws": 80, "wss": 443}


class Verdict(Enum):
    """What was found."""

    TRUSTED = auto()
    """The known key, a certificate that this computer trusts, or nothing that could be compared."""
    NEW = auto()
    """A key that the person has not compared yet."""
    CHANGED = auto()
    """Another key than the one that is known for this address or this chat."""


@dataclass(frozen=True, slots=True)
class Examination:
    """``url`` is where to connect, over TLS wherever there is some; ``authority`` what to trust there, empty for what
    this computer trusts. ``shown`` is the host that was seen, ``known`` the one that was expected."""

    verdict: Verdict
    url: str
    authority: bytes = b""
    shown: KnownHost | None = None
    known: KnownHost | None = None


async def examine(url: str, hosts: KnownHosts, expected: str = "") -> Examination:
    """Look at the host at a WebSocket URL. ``expected`` is the key that its advert has promised, empty for none.

    A handshake is all that is sent. What cannot be reached is left to the connection itself, which says why.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]
    at_address = hosts.at(address_of(url))
    if parts.scheme == "ws":
        encrypted = at_address or expected or (not is_loopback_url(url) and await speaks_tls(host, port))
        if not encrypted:
            return Examination(Verdict.TRUSTED, url)
        url = f"wss://{parts.netloc if parts.port else f'{parts.netloc}:80'}{parts.path}"
    chain_end = await _look(host, port)
    shown = await _read(chain_end) if chain_end else None
    if shown is None:
        return Examination(Verdict.TRUSTED, url)
    seen = KnownHost(shown.fingerprint, shown.authority, shown.chat, shown.server_id, date.today())
    known = at_address or hosts.with_key(expected) or hosts.with_id(shown.server_id)
    if known and known.fingerprint != seen.fingerprint:
        return Examination(Verdict.CHANGED, url, shown.authority, seen, known)
    if hosts.with_key(seen.fingerprint):
        hosts.trust(seen, address_of(url))  # perhaps at a new address, or with a new certificate of the same key
        return Examination(Verdict.TRUSTED, url, shown.authority, seen, known)
    if await _is_trusted_here(host, port):
        return Examination(Verdict.TRUSTED, url)
    return Examination(Verdict.NEW, url, shown.authority, seen)


def address_of(url: str) -> str:
    """``host:port`` of a URL, by which a host is known."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{f'[{host}]' if ':' in host else host}:{parts.port or _DEFAULT_PORTS[parts.scheme]}"


async def _look(host: str, port: int) -> bytes:
    """The last certificate that the host shows, in DER; empty if it cannot be reached or shows none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError):
        async with asyncio.timeout(_LOOK_SECONDS):
            delay = next_address_delay(host)
            _, writer = await asyncio.open_connection(host, port, ssl=context, happy_eyeballs_delay=delay)
            try:
                return _chain(writer.get_extra_info("ssl_object"))[-1]
            finally:
                writer.transport.abort()
    return b""


async def _is_trusted_here(host: str, port: int) -> bool:
    """Whether this computer trusts the certificate at an address: a person may have installed the authority."""
    context = await asyncio.to_thread(system_tls_context)
    with contextlib.suppress(OSError):
        async with asyncio.timeout(_LOOK_SECONDS):
            delay = next_address_delay(host)
            _, writer = await asyncio.open_connection(host, port, ssl=context, happy_eyeballs_delay=delay)
            writer.transport.abort()
            return True
    return False


def _chain(tls: ssl.SSLObject) -> list[bytes]:
    """The certificates that the host has sent, its own first; none of them is checked."""
    if sys.version_info >= (3, 13):
        return list(tls.get_unverified_chain())
    chain = tls._sslobj.get_unverified_chain() or []  # type: ignore[attr-defined]  # public from 3.13 on
    return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in chain]


async def _read(certificate: bytes) -> "ShownKey | None":
    """Read a certificate in a thread, which loads the library for it at the first time."""

    def read() -> "ShownKey | None":
        shown: ShownKey | None = import_module("chatdesk.certificates.shown").read_shown_key(certificate)
        return shown

    return await asyncio.to_thread(read)
