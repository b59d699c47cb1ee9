"""One timer for all connections: signs of life, and the end of what has had its time."""

import asyncio
from collections.abc import Callable, Collection

from chatdesk.server.connection import Connection
from chatdesk.server.http import HttpConnection

INTERVAL_SECONDS = 12.0
"""Between two pings; a dead peer is gone within two of them, and a little: within half a minute."""
_HTTP_SECONDS = 15.0
_SLICE = 200
_HELD_TICKS = 4
"""A look that comes so many late: this process was held still, and what peers have said meanwhile is not read yet."""


class Heartbeat:
    """Looks after the connections of one server."""

    def __init__(
        self, connections: Collection[Connection], http: Collection[HttpConnection], interval: float = INTERVAL_SECONDS
    ) -> None:
        self._connections = connections
        self._http = http
        self._interval = interval
        self._loop = asyncio.get_running_loop()
        self._tick = min(1.0, interval / 4)
        self._next_beat = self._loop.time() + interval - self._tick
        self._due = 0.0
        self._spared = False
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Look after them from now on."""
        self._due = self._loop.time() + self._tick
        self._timer = self._loop.call_later(self._tick, self._look)

    def stop(self) -> None:
        """No more."""
        if self._timer:
            self._timer.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        if now > self._due + _HELD_TICKS * self._tick and not self._spared:
            self._spared = True
            return self.start()  # some loops call what is due before they read
        self._spared = False
        for fresh in list(self._http):
            if now > fresh.since + _HTTP_SECONDS:
                fresh.abort()
        self._in_slices(list(self._connections), lambda connection: connection.expire(now))
        if now >= self._next_beat:
            self._next_beat = now + self._interval - self._tick  # the look at which it falls due may come a tick late
            self._in_slices(list(self._connections), Connection.beat)
        return self.start()

    def _in_slices(self, connections: list[Connection], act: Callable[[Connection], None]) -> None:
        """A few at a time: thousands of pings at once would hold the loop."""
        for connection in connections[:_SLICE]:
            act(connection)
        if len(connections) > _SLICE:
            self._loop.call_soon(self._in_slices, connections[_SLICE:], act)
