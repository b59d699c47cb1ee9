"""Reads little at a time from a socket, so that the window keeps drawing whatever comes in and however fast.

One read may bring a hundred thousand tiny frames, and websockets parses all of them before it returns to the loop.
ThrottledConnection feeds it a few kilobytes at a time, and reads nothing more from the network until they are done.
"""

import asyncio
import time
from typing import Any

from websockets.asyncio.client import ClientConnection

_MIN_CHUNK_BYTES, _MAX_CHUNK_BYTES = 256, 16 * 1024
"""Bytes parsed at once: half as many after a slow step, twice as many after a quick one. Two bytes may be a frame, and
so may a megabyte."""
_QUICK_SECONDS, _SLOW_SECONDS = 0.001, 0.004
"""Bounds of a quick and a slow step: four milliseconds are a quarter of a frame at 60 Hz."""
_UNSENT_BYTES = 128 * 1024
"""Limit of what waits to be sent: a host may ping without end and not read the answers."""
_WRITE_PAUSE_SECONDS = 0.1
"""How long reading stops while too much waits to be sent."""


class ThrottledConnection(ClientConnection):
    """A client connection that yields to the loop between small portions of data."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._unread = bytearray()
        self._size = _MIN_CHUNK_BYTES
        self._next: asyncio.Handle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Replace the queue's way to resume reading: nothing is read before the portion at hand is parsed."""
        super().connection_made(transport)
        self.recv_messages.resume = self._resume

    def data_received(self, data: bytes) -> None:
        """Parse what has come, or the beginning of it."""
        self._unread += data
        if self._next is None:
            self._feed()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is lost. Unparsed data is dropped: the server sends it again after a reconnect."""
        if self._next is not None:
            self._next.cancel()
        self._unread.clear()
        super().connection_lost(exc)

    def _feed(self) -> None:
        self._next = None
        if self.transport.is_closing():
            return
        if self.transport.get_write_buffer_size() > _UNSENT_BYTES:
            self.transport.pause_reading()
            self._next = self.loop.call_later(_WRITE_PAUSE_SECONDS, self._feed)
            return
        part = bytes(self._unread[: self._size])
        del self._unread[: self._size]
        started = time.monotonic()
        super().data_received(part)
        self._adapt(time.monotonic() - started)
        if self._unread:
            self.transport.pause_reading()
        if not self.recv_messages.paused:
            self._resume()

    def _adapt(self, seconds: float) -> None:
        if seconds > _SLOW_SECONDS:
            self._size = max(_MIN_CHUNK_BYTES, self._size // 2)
        elif seconds < _QUICK_SECONDS:
            self._size = min(_MAX_CHUNK_BYTES, self._size * 2)

    def _resume(self) -> None:
        if self._next is not None:
            return
        if self._unread:
            self._next = self.loop.call_soon(self._feed)
        else:
            self.transport.resume_reading()
