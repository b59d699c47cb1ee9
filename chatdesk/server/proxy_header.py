"""The PROXY protocol, versions 1 and 2: a header with which a trusted proxy begins a connection that it passes on.

It comes before everything else, TLS included. Only a trusted proxy can send one: from others it is taken for a request.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, cast

from chatdesk.ip import endpoint_address
from chatdesk.server.http.trusted_proxies import TrustedProxies

_V1, _V2 = b"PROXY ", b"\r\n\r\n\0\r\nQUIT\n"
_V1_BYTES = 107
"""The longest header of version 1, with its line break."""
_V2_HEAD = 16
_V2_BYTES = 4096
"""The longest header of version 2: addresses take 36 bytes, and nothing here needs what may follow them."""
_READ_BYTES = 1024
_SECONDS = 10
_REFUSAL = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    b"The PROXY header of this connection cannot be read.\n"
)


class BadHeaderError(ValueError):
    """A PROXY header that cannot be read; the text says why."""


class HeaderReader:
    """Reads the first bytes of a connection until it is known whether they are a header, and what it says."""

    def __init__(self) -> None:
        self.received = b""
        """What has come; after the header, what follows it."""
        self.address: tuple[str, int] | None = None
        """From where the proxy's connection comes; None without a header, and for connections of the proxy itself."""

    def add(self, data: bytes) -> bool:
        """Add bytes. Returns whether nothing more is needed. Raises BadHeaderError."""
        self.received += data
        size = self._header_size()
        if size is None or size > len(self.received):
            return False
        if size:
            header, self.received = self.received[:size], self.received[size:]
            self.address = _source(header)
        return True

    def _header_size(self) -> int | None:
        """The size of the header; 0 where there is none, None where that is not known yet. Raises BadHeaderError."""
        data = self.received
        if _V1.startswith(data[: len(_V1)]) and data:
            end = data.find(b"\r\n")
            if end < 0 and len(data) < _V1_BYTES:
                return None
            if not 0 <= end <= _V1_BYTES - 2:
                raise BadHeaderError("its line is too long")
            return end + 2
        if _V2.startswith(data[: len(_V2)]):
            if len(data) < _V2_HEAD:
                return None
            size = _V2_HEAD + int.from_bytes(data[14:16])
            if size > _V2_BYTES:
                raise BadHeaderError("it is too long")
            return size
        return 0


class ProxiedTransport:
    """A transport whose peer is the one that the proxy names. All else is as with the transport itself."""

    __slots__ = ("_peer", "_transport")

    def __init__(self, transport: asyncio.Transport, peer: tuple[str, int]) -> None:
        self._transport = transport
        self._peer = peer

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """As of the transport, but for the peer's address; ``proxied`` tells that it is not that of the socket."""
        own = {"peername": self._peer, "proxied": True}
        return own[name] if name in own else self._transport.get_extra_info(name, default)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class ProxiedArrival(asyncio.BufferedProtocol):
    """The beginning of a connection, which may come from a trusted proxy; ``following`` makes the protocol after it."""

    def __init__(self, proxies: TrustedProxies, following: Callable[[], asyncio.BaseProtocol]) -> None:
        self._proxies = proxies
        self._following = following
        self._reader = HeaderReader()
        self._buffer = bytearray()
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._peer = endpoint_address(transport.get_extra_info("peername"))
        if not self._proxies.trusts(self._peer):
            return self._hand_over(self._transport)
        self._buffer = bytearray(_READ_BYTES)
        self._deadline = asyncio.get_running_loop().call_later(_SECONDS, self._transport.abort)
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        try:
            if not self._reader.add(bytes(memoryview(self._buffer)[:nbytes])):
                return
        except BadHeaderError as error:
            self._proxies.refuse_connection(self._peer, str(error))
            self._transport.write(_REFUSAL)
            self._transport.close()
            return
        self._stop_waiting()
        address, transport = self._reader.address, self._transport
        self._hand_over(cast(asyncio.Transport, ProxiedTransport(transport, address)) if address else transport)

    def eof_received(self) -> bool:
        return False

    def _stop_waiting(self) -> None:
        if self._deadline:
            self._deadline.cancel()

    def _hand_over(self, transport: asyncio.Transport) -> None:
        following = cast(asyncio.BufferedProtocol, self._following())
        self._transport.set_protocol(following)
        following.connection_made(transport)
        unread = memoryview(self._reader.received)
        while unread and not transport.is_closing():
            buffer = memoryview(following.get_buffer(len(unread))).cast("B")
            size = min(len(buffer), len(unread))
            buffer[:size] = unread[:size]
            following.buffer_updated(size)
            unread = unread[size:]
            following = cast(asyncio.BufferedProtocol, self._transport.get_protocol())  # it may have handed over, too


def _source(header: bytes) -> tuple[str, int] | None:
    """From where a connection comes, by a whole header; None if from the proxy itself. Raises BadHeaderError."""
    try:
        peer = _library().unpack(header).peername
    except (ValueError, IndexError, struct.error) as error:  # the library checks neither lengths nor numbers before
        raise BadHeaderError(str(error) or type(error).__name__) from None
    return (peer[0], peer[1]) if isinstance(peer, tuple) else None


@cache
def _library() -> Any:
    """Loaded for the first connection of a trusted proxy: most chats have none."""
    return import_module("proxyprotocol.detect").ProxyProtocolDetect()
