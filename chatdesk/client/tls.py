"""TLS of a client: the certificates that it trusts, and whether a port speaks TLS at all."""

import asyncio
import contextlib
import ipaddress
import ssl
from pathlib import Path

_CA_BUNDLES = ("/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem")
"""Where systems keep trusted certificates, besides the place that this program's OpenSSL was built for."""
_LOOK_SECONDS = 3.0
"""A TLS handshake in the same network takes a fraction of this."""
_NEXT_ADDRESS_SECONDS = 0.25
"""The connection attempt delay that RFC 8305 recommends."""


def system_tls_context() -> ssl.SSLContext:
    """Return a context that trusts what this computer trusts, as its browsers do. Reads files: not for the event loop.

    Python refuses certificates that lack what RFC 5280 requires of an authority, as those of private ones often do.
    Browsers accept them, and the chat's page is open in one beside the client.
    """
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    built_in = ssl.get_default_verify_paths()
    if not built_in.cafile and not built_in.capath:
        for file in filter(Path.exists, map(Path, _CA_BUNDLES)):
            context.load_verify_locations(file)
            break
    return context


def trusting_context(authority: bytes) -> ssl.SSLContext:
    """A context that trusts this authority and nothing else. Under whatever name: its key is what was compared."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=authority)
    return context


def next_address_delay(host: str) -> float | None:
    """Return after how many seconds the next address of a name is tried beside the previous one (Happy Eyeballs).

    None for an address: there is only one, and an attempt that asyncio makes beside others may leave its socket
    open when it is cancelled at the moment in which it succeeds.
    """
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return _NEXT_ADDRESS_SECONDS
    return None


async def speaks_tls(host: str, port: int) -> bool:
    """Whether a TLS server is at this port; its certificate does not matter, and nothing is sent to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError):
        async with asyncio.timeout(_LOOK_SECONDS):
            _, writer = await asyncio.open_connection(
                host, port, ssl=context, happy_eyeballs_delay=next_address_delay(host)
            )
            writer.transport.abort()
            return True
    return False
