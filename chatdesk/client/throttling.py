"""Reading so little at a time that a window goes on drawing, whatever comes in and however fast.

One read from a socket may bring a hundred thousand tiny frames, and websockets takes them all in before it lets go of
the loop. Here they are taken in by a few kilobytes, and nothing more is read from the network before they are done.
"""

import asyncio
import time
from typing import Any

from websockets.asyncio.client import ClientConnection

_LEAST_BYTES, _MOST_BYTES = 256, 16 * 1024
"""Taken in at once: the fewer, the longer it took the last time. Two bytes may be a frame, and a megabyte too."""
_SHORT_SECONDS, _LONG_SECONDS = 0.001, 0.004
"""What takes less may be more the next time, and what takes more is less."""
_UNSENT_BYTES = 128 * 1024
"""As much as may wait to be sent to a host that asks without end, with pings, and does not read the answers."""
_WRITE_PAUSE_SECONDS = 0.1


class ThrottledConnection(ClientConnection):
    """A client connection that takes turns with whatever else the loop has to do."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._unread = bytearray()
        self._size = _LEAST_BYTES
        self._next: asyncio.Handle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over from the queue of messages when the network is read again: not before all that is here is done."""
        super().connection_made(transport)
        self.recv_messages.resume = self._resume

    def data_received(self, data: bytes) -> None:
        """Take in what has come, or the beginning of it."""
        self._unread += data
        if self._next is None:
            self._feed()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has gone. What it has brought last is asked for again."""
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

    def _adapt(self, took: float) -> None:
        if took > _LONG_SECONDS:
            self._size = max(_LEAST_BYTES, self._size // 2)
        elif took < _SHORT_SECONDS:
            self._size = min(_MOST_BYTES, self._size * 2)

    def _resume(self) -> None:
        if self._next is not None:
            return
        if self._unread:
            self._next = self.loop.call_soon(self._feed)
        else:
            self.transport.resume_reading()
