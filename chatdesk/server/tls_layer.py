"""TLS of one connection, between a plain transport and the protocol above it, without I/O of its own.

Not ``asyncio.sslproto``: that keeps a quarter of a megabyte for each connection, uvloop's 24 KB, and neither takes over
a connection of which the first bytes have been read. Here all connections of a server read into one buffer.
"""

import asyncio
import contextlib
import ssl
from typing import Any, cast

_PIECE_BYTES = 4096
"""What is encrypted at a time. The buffer between OpenSSL and the transport keeps the size that it once had."""


class TlsLayer(asyncio.Transport, asyncio.BufferedProtocol):
    """A protocol to the plain transport below it, and a transport to the protocol above.

    ``buffer`` is what all connections read into, one at a time.
    """

    __slots__ = (
        "_buffer",
        "_closing",
        "_incoming",
        "_loop",
        "_outgoing",
        "_paused",
        "_protocol",
        "_tls",
        "_transport",
    )

    def __init__(self, transport: asyncio.Transport, context: ssl.SSLContext, buffer: bytearray) -> None:
        super().__init__()
        self._transport = transport
        self._buffer = buffer
        self._loop = asyncio.get_running_loop()
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._protocol: asyncio.BufferedProtocol | None = None
        self._paused = self._closing = False

    def handshake(self, data: bytes) -> bool:
        """Process bytes of the peer's handshake. Returns whether it is complete; raises ssl.SSLError if it fails."""
        self._incoming.write(data)
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        finally:
            self._flush()
        return True

    def start(self, protocol: asyncio.BufferedProtocol, unread: bytes) -> None:
        """The handshake is complete: ``protocol`` speaks over it from now on, at first about what has come already.

        Of that ``unread`` is the part that was not processed with the handshake.
        """
        self._incoming.write(unread)
        self._protocol = protocol
        self._transport.set_protocol(self)
        protocol.connection_made(self)
        self._deliver()

    # What the transport below calls

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._incoming.write(memoryview(self._buffer)[:nbytes])
        self._deliver()

    def eof_received(self) -> bool:
        self._deliver()
        return bool(self._protocol and self._protocol.eof_received())

    def pause_writing(self) -> None:
        if self._protocol:
            self._protocol.pause_writing()

    def resume_writing(self) -> None:
        if self._protocol:
            self._protocol.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        protocol, self._protocol = self._protocol, None
        self._closing = True
        if protocol:
            protocol.connection_lost(exc)

    # What the protocol above calls

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._tls if name == "ssl_object" else self._transport.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = cast(asyncio.BufferedProtocol, protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol or self

    def is_closing(self) -> bool:
        return self._closing or self._transport.is_closing()

    def pause_reading(self) -> None:
        self._paused = True
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._paused = False
        self._transport.resume_reading()
        if self._incoming.pending or self._tls.pending():
            self._loop.call_soon(self._deliver)

    def is_reading(self) -> bool:
        return not self._paused

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self.is_closing():
            return
        view = memoryview(data)
        try:
            for start in range(0, len(view), _PIECE_BYTES):
                self._tls.write(view[start : start + _PIECE_BYTES])
                if start:
                    self._flush()  # between pieces, so that what is between OpenSSL and the transport stays small
        except ssl.SSLError:
            self.abort()
            return
        self._flush()

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        """Tell the peer that no more comes; it may still send."""
        with contextlib.suppress(ssl.SSLError):  # at first it always wants to read the peer's own end
            self._tls.unwrap()
        self._flush()

    def close(self) -> None:
        if not self.is_closing():
            self.write_eof()
            self._closing = True
            self._transport.close()

    def abort(self) -> None:
        self._closing = True
        self._transport.abort()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._transport.set_write_buffer_limits(high, low)

    def get_write_buffer_size(self) -> int:
        return self._transport.get_write_buffer_size()

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._transport.get_write_buffer_limits()

    def _deliver(self) -> None:
        """Pass what has come to the protocol above, until it wants no more."""
        while self._protocol and not self._paused and not self._transport.is_closing():
            target = cast(bytearray, self._protocol.get_buffer(-1))
            try:
                size = cast(int, self._tls.read(len(target), target))  # a number, where there is a buffer
            except ssl.SSLWantReadError:
                break
            except ssl.SSLError:  # bytes that are none of TLS, or the peer refuses the certificate
                self._flush()
                self.abort()
                return
            if not size:
                if not self._protocol.eof_received():
                    self.close()
                return
            self._protocol.buffer_updated(size)
        self._flush()

    def _flush(self) -> None:
        """Send what TLS has to send."""
        if self._outgoing.pending and not self._transport.is_closing():
            self._transport.write(self._outgoing.read())
