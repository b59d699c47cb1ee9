"""Whose certificates are believed, and what a server looks like that is asked for none."""

import asyncio
import contextlib
import ipaddress
import ssl
from pathlib import Path

_CA_BUNDLES = ("/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem")
"""Where systems keep what they trust, besides the place that this program's OpenSSL was built for."""
_LOOK_SECONDS = 3.0
_NEXT_ADDRESS_SECONDS = 0.25
"""As RFC 8305 recommends."""


def system_tls_context() -> ssl.SSLContext:
    """What this computer trusts, as its browsers do. Reads files: not for the event loop.

    Python refuses certificates that lack what RFC 5280 asks of an authority, as those of private ones often do.
    Browsers do not, and the chat's page is open in one beside it.
    """
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    built_in = ssl.get_default_verify_paths()
    if not built_in.cafile and not built_in.capath:
        for file in filter(Path.exists, map(Path, _CA_BUNDLES)):
            context.load_verify_locations(file)
            break
    return context


def next_address_delay(host: str) -> float | None:
    """After how many seconds of silence the next address of a name is tried beside the one before.

    None for an address, which is the only one: an attempt that asyncio makes beside others may leave its socket open
    when it is given up in the moment in which it succeeds.
    """
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return _NEXT_ADDRESS_SECONDS
    return None


async def speaks_tls(host: str, port: int) -> bool:
    """Whether a TLS server is there, whoever it is: nothing is said to it."""
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
