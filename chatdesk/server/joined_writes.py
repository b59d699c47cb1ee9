"""Joins what is written to a peer within a turn of the loop, as one that is in several rooms gets something of each."""

from __future__ import annotations

import asyncio

_UNSENT_BYTES = 64 * 1024
"""What is joined at most, so that a reader that is slow is noticed between two pages of different rooms."""


class JoinedWrites:
    """Writes to a transport once for all that was added in a turn of the loop."""

    __slots__ = ("_loop", "_transport", "_unsent")

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: asyncio.WriteTransport) -> None:
        self._loop = loop
        self._transport = transport
        self._unsent = bytearray()

    def add(self, data: bytes) -> None:
        """Write this at the end of the turn, or at once if it is long."""
        if len(self._unsent) + len(data) > _UNSENT_BYTES:
            self.flush()
            self._transport.write(data)
            return
        if not self._unsent:
            self._loop.call_soon(self.flush)
        self._unsent += data

    def flush(self) -> None:
        """Write now what was added and is not written."""
        if self._unsent and not self._transport.is_closing():
            data, self._unsent = self._unsent, bytearray()
            self._transport.write(data)
