"""Probes the network: names, connections, HTTP responses. Each probe is limited in time, and none raises."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

import h11

from chatdesk.doctor.observations import ConnectOutcome
from chatdesk.doctor.run_with_timeout import run_with_timeout

_RESOLVE_SECONDS = 3.0
"""A resolver that has not answered by then asks a server that does not."""
_ANSWER_SECONDS = 2.5
"""A chat in the same network answers at once."""
_ANSWER_BYTES = 64 * 1024
"""Many times the size of a chat's description."""
_READ_BYTES = 16 * 1024  # a description in one read, a file of the page in a few
_UNREACHABLE_ERRORS = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_UNREACHABLE_ON_WINDOWS = {10049, 10051, 10064, 10065}
"""WSAEADDRNOTAVAIL, WSAENETUNREACH, WSAEHOSTDOWN and WSAEHOSTUNREACH."""
_TIMEOUT_ERRORS = {errno.ETIMEDOUT, 10060}
"""10060 is WSAETIMEDOUT."""


@dataclass(frozen=True, slots=True)
class ProbeResponse:
    """An HTTP response; header fields by their names in lower case, repeated ones joined with commas.

    ``status`` is 0 if there was no HTTP response.
    """

    status: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: Exception | None = field(default=None, compare=False)
    """What went wrong if there is no status."""


class Tls(NamedTuple):
    """The TLS context, and the name that the certificate must have."""

    context: ssl.SSLContext
    name: str


async def resolve(host: str) -> list[str]:
    """Return the addresses of a name, IPv4 first; empty if it is unknown or the resolver takes too long."""
    return await run_with_timeout(partial(_getaddrinfo, host), _RESOLVE_SECONDS, [])


async def connect(address: str, port: int, timeout: float) -> ConnectOutcome:
    """Try to connect, and disconnect at once."""
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(address, port)
    except OSError as error:
        return _outcome_of(error)
    writer.transport.abort()
    return ConnectOutcome.OPEN


async def fetch(
    address: str,
    port: int,
    target: str,
    host: str,
    token: str = "",
    *,
    fields: Sequence[tuple[str, str]] = (),
    tls: Tls | None = None,
    max_bytes: int = _ANSWER_BYTES,
) -> ProbeResponse:
    """Send a GET request to an address, with ``host`` as the Host header; redirects are not followed.

    ``target`` may be a whole URL: then the address is a proxy's. ``fields`` are additional header fields, ``max_bytes``
    is how many bytes of the body are read.
    """
    context, name = tls or (None, None)
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=name)
            try:
                return await _exchange(reader, writer, _request(target, host, token, fields), max_bytes)
            finally:
                writer.transport.abort()
    except (OSError, EOFError, h11.RemoteProtocolError) as error:
        return ProbeResponse(error=error)


def _request(target: str, host: str, token: str, fields: Sequence[tuple[str, str]]) -> h11.Request:
    proof = [("Authorization", f"Bearer {token}")] if token else []
    upgrades = any(name == "Connection" for name, _ in fields)
    end = [] if upgrades else [("Connection", "close")]
    headers = [("Host", host), ("User-Agent", "ChatDesk"), *end, *proof, *fields]
    return h11.Request(method="GET", target=target, headers=headers)


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: h11.Request, max_bytes: int
) -> ProbeResponse:
    http = h11.Connection(h11.CLIENT)
    writer.write((http.send(request) or b"") + (http.send(h11.EndOfMessage()) or b""))
    response: h11.Response | h11.InformationalResponse | None = None
    body = bytearray()
    while len(body) < max_bytes:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(_READ_BYTES))
        elif isinstance(event, h11.Response):
            response = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.InformationalResponse) and event.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            response = event
            break
        elif not isinstance(event, h11.InformationalResponse):
            break
    if response is None:
        return ProbeResponse()
    fields: dict[str, str] = {}
    for name, value in ((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers):
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return ProbeResponse(response.status_code, fields, bytes(body[:max_bytes]))


def _getaddrinfo(host: str) -> list[str]:
    try:
        results = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    addresses = dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in results)
    return sorted(addresses, key=lambda address: ":" in address)


def _outcome_of(error: OSError) -> ConnectOutcome:
    if isinstance(error, ConnectionError):
        return ConnectOutcome.REFUSED
    if isinstance(error, TimeoutError) or error.errno in _TIMEOUT_ERRORS:
        return ConnectOutcome.SILENT
    if error.errno in _UNREACHABLE_ERRORS or error.errno in _UNREACHABLE_ON_WINDOWS:
        return ConnectOutcome.UNREACHABLE
    return ConnectOutcome.SILENT
