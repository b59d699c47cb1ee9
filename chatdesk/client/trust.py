"""Whose certificates are believed, and what a server looks like that is asked for none."""

import asyncio
import contextlib
import ssl
from pathlib import Path

_ELSEWHERE = ("/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem")
"""Where systems keep what they trust, besides the place that this program's OpenSSL was built for."""
_LOOK_SECONDS = 3.0
NEXT_ADDRESS_SECONDS = 0.25
"""Of a name's addresses the next is tried, too, when one has been silent for so long, as RFC 8305 recommends."""


def system_trust() -> ssl.SSLContext:
    """What this computer trusts, as its browsers do. Reads files: not for the event loop.

    Python refuses certificates that lack what RFC 5280 asks of an authority, as those of private ones often do.
    Browsers do not, and the chat's page is open in one beside it.
    """
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    built_in = ssl.get_default_verify_paths()
    if not built_in.cafile and not built_in.capath:
        for file in filter(Path.exists, map(Path, _ELSEWHERE)):
            context.load_verify_locations(file)
            break
    return context


async def speaks_tls(host: str, port: int) -> bool:
    """Whether a TLS server is there, whoever it is: nothing is said to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError):
        async with asyncio.timeout(_LOOK_SECONDS):
            _, writer = await asyncio.open_connection(
                host, port, ssl=context, happy_eyeballs_delay=NEXT_ADDRESS_SECONDS
            )
            writer.transport.abort()
            return True
    return False
