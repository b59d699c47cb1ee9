"""Calls the addresses of the host when its server asks for it, so that the server learns which of them are reachable.

A server could be anybody's, and must not make this computer connect to ports of its choice: only private addresses are
called, only at the port of the server itself, few of them, seldom, and the answers are dropped.
"""

import asyncio
import contextlib
import re
import time
from urllib.parse import urlsplit

from chatdesk.client.validation import is_plain_address
from chatdesk.ip import is_private
from chatdesk.protocol.connection_events import Reach
from chatdesk.protocol.limits import REACH_ADDRESSES

MIN_INTERVAL_SECONDS = 10.0
"""The server asks a few times a minute at most; a hostile one gains nothing by asking more often."""
_PROBE_SECONDS = 3.0
"""Long enough for one retransmission of the first packet."""
_NONCE = re.compile(r"[0-9a-f]{32}")


class ReachabilityProbe:
    """Probes for the client of a chat; ``direct``: it is encrypted by the host, and no proxy is there."""

    def __init__(self, *, direct: bool = False) -> None:
        self._direct = direct
        self._probed_at = -MIN_INTERVAL_SECONDS
        self._tasks: set[asyncio.Task[None]] = set()

    def supported(self, url: str) -> bool:
        """Whether probing is possible at all in a chat at ``url``: the port of a proxy is not the host's own."""
        parts = urlsplit(url)
        return (parts.scheme == "ws" or self._direct) and parts.path == "/ws"

    def run(self, event: Reach, url: str) -> None:
        """Call the addresses of an event from the server at ``url``, unless that was done just now."""
        now, parts = time.monotonic(), urlsplit(url)
        if not self.supported(url) or not _NONCE.fullmatch(event.nonce) or now - self._probed_at < MIN_INTERVAL_SECONDS:
            return
        self._probed_at = now
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        for address in dict.fromkeys(event.addresses[:REACH_ADDRESSES]):
            if is_plain_address(address) and is_private(address):
                task = asyncio.create_task(_probe_address(address, port, event.nonce))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def cancel(self) -> None:
        """Cancel all calls."""
        for task in self._tasks:
            task.cancel()


async def _probe_address(address: str, port: int, nonce: str) -> None:
    host = f"[{address}]" if ":" in address else address
    request = f"GET /reach/{nonce}?at={time.time_ns() // 1_000_000} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"
    with contextlib.suppress(OSError):
        async with asyncio.timeout(_PROBE_SECONDS):
            reader, writer = await asyncio.open_connection(address, port)
            try:
                writer.write(request.encode())
                await reader.read(1)  # one byte shows that the call has arrived
            finally:
                writer.transport.abort()
