"""A connection of which not even the first byte is known: it tells whether what follows is TLS or plain HTTP.

A TLS handshake costs what a hundred messages cost, so each step of one waits for its turn (``Handshakes``).
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Protocol, cast

from chatdesk.ip import endpoint_address
from chatdesk.server.handshakes import Handshakes
from chatdesk.server.http.connection import HttpConnection, HttpHost
from chatdesk.server.scheduled_reader import ScheduledReader
from chatdesk.server.tls_layer import TlsLayer

_HANDSHAKE = 0x16
"""The content type of a handshake record, with which TLS begins (RFC 8446, section 5.1); no method of HTTP does."""
_RECORD_HEAD_BYTES, _MAJOR_VERSION, _LONGEST_RECORD = 5, 3, 16384 + 256
"""Of a record (RFC 8446, section 5.1): its head has the type, two bytes of version, and the length of what follows."""
_LONGEST_HELLO = 64 * 1024
"""More than any peer sends before the handshake is complete."""


class Certificates(Protocol):
    """What the server needs of the chat's certificates."""

    @property
    def authority(self) -> bytes:
        """The certificate, in DER, that people have to trust once; empty if browsers trust the chat by themselves."""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the authority's key; empty without one."""

    @property
    def words(self) -> tuple[str, ...]:
        """The four words of that key; none without one."""

    def context_for(self, address: str) -> ssl.SSLContext:
        """The context for a connection that has come to this address of the machine."""

    def set_announced_name(self, name: str) -> None:
        """Cover the mDNS name under which the chat is announced now; empty for none."""

    def reload(self) -> str:
        """Read or make them again; returns a sentence that says what came of it."""


class Arrival(asyncio.BufferedProtocol):
    """Reads the first bytes of a connection, and hands it over to HTTP: at once, or when its TLS handshake is done."""

    def __init__(self, host: HttpHost, certificates: Certificates, handshakes: Handshakes, buffer: bytearray) -> None:
        self._host = host
        self._handshakes = handshakes
        self._queued = False
        self._certificates = certificates
        self._buffer = buffer
        self._unread = bytearray()
        self._size = 0
        self._tls: TlsLayer | None = None
        self.idle_since = asyncio.get_running_loop().time()
        """When it was accepted, in the loop's time; the heartbeat closes it if its handshake takes too long."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.network = self._host.proxies.network(endpoint_address(transport.get_extra_info("peername")))
        """The peer's IPv4 address, or the network of its IPv6 address."""
        self._reader = ScheduledReader(self._host.scheduler, self._transport, self._process, self.network)
        self._host.http_opened(self)
        self._reader.opened()

    def connection_lost(self, exc: Exception | None) -> None:
        self._reader.close()
        self._host.http_closed(self)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._unread += memoryview(self._buffer)[:nbytes]
        self._size += nbytes
        if self._size > _LONGEST_HELLO:
            self.abort()
            return
        self._reader.bytes_read(nbytes, whole_buffer=nbytes == len(self._buffer))

    def eof_received(self) -> bool:
        return False

    def was_held_back(self) -> bool:
        """Whether it waits for a step of its handshake, or for its turn to be read."""
        return self._queued or self._reader.was_held_back()

    def abort(self) -> None:
        """Close at once, without an answer."""
        self._transport.abort()

    def _process(self) -> bool:
        """Look at what has come. Returns whether there is more to do at once: HTTP, which goes on with the reader."""
        if not self._unread or self._queued:
            return False
        if self._tls or self._unread[0] == _HANDSHAKE:
            if _whole_records(self._unread):
                self._queued = True
                self._handshakes.add(self.network, self._shake_hands)
            return False
        http = HttpConnection(self._host, self._reader)
        self._host.http_handed_over(self)
        self._transport.set_protocol(http)
        http.connection_made(self._transport)
        http.receive(bytes(self._unread))
        return True

    def _shake_hands(self) -> None:
        """Do a step of the handshake, and hand over to HTTP when it is complete."""
        self._queued = False
        if self._transport.is_closing():
            return
        if self._tls is None:
            own = endpoint_address(self._transport.get_extra_info("sockname"))
            self._tls = TlsLayer(self._transport, self._certificates.context_for(own), self._buffer)
        whole = _whole_records(self._unread)
        records, rest = bytes(self._unread[:whole]), self._unread[whole:]
        self._unread = rest
        try:
            complete = self._tls.handshake(records)
        except ssl.SSLError:  # no common version, or the peer refuses the certificate: it was told so
            self._transport.close()
            return
        if complete:
            http = HttpConnection(self._host, self._reader)
            self._host.http_handed_over(self)
            self._reader.transport = self._tls
            self._tls.start(http, bytes(rest))


def _whole_records(data: bytearray) -> int:
    """How many of these bytes are whole records: a step of a handshake needs no less, and nonsense is refused now."""
    end = 0
    while len(data) >= end + _RECORD_HEAD_BYTES:
        size = int.from_bytes(data[end + 3 : end + _RECORD_HEAD_BYTES])
        if data[end + 1] != _MAJOR_VERSION or size > _LONGEST_RECORD:
            return len(data)
        if end + _RECORD_HEAD_BYTES + size > len(data):
            break
        end += _RECORD_HEAD_BYTES + size
    return end
