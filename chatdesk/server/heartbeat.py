"""One timer for all connections: signs of life, and the end of what has had its time."""

import asyncio
from collections.abc import Callable, Collection

from chatdesk.server.connection import Connection
from chatdesk.server.http.connection import HttpConnection

INTERVAL_SECONDS = 12.0
"""Between two pings; a dead peer is gone within two of them, and a little: within half a minute."""
_HTTP_IDLE_SECONDS = 15.0
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
        self._tick_seconds = min(1.0, interval / 4)
        self._next_ping = self._loop.time() + interval - self._tick_seconds
        self._due = 0.0
        self._waited_once = False
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Look after them from now on."""
        self._due = self._loop.time() + self._tick_seconds
        self._timer = self._loop.call_later(self._tick_seconds, self._on_tick)

    def stop(self) -> None:
        """No more."""
        if self._timer:
            self._timer.cancel()

    def _on_tick(self) -> None:
        now = self._loop.time()
        if now > self._due + _HELD_TICKS * self._tick_seconds and not self._waited_once:
            self._waited_once = True
            return self.start()  # some loops call what is due before they read
        self._waited_once = False
        for http_connection in list(self._http):
            if now > http_connection.idle_since + _HTTP_IDLE_SECONDS:
                http_connection.abort()
        self._in_slices(list(self._connections), lambda connection: connection.check_deadlines(now))
        if now >= self._next_ping:
            # the look at which it falls due may come a tick late
            self._next_ping = now + self._interval - self._tick_seconds
            self._in_slices(list(self._connections), Connection.ping)
        return self.start()

    def _in_slices(self, connections: list[Connection], act: Callable[[Connection], None]) -> None:
        """A few at a time: thousands of pings at once would hold the loop."""
        for connection in connections[:_SLICE]:
            act(connection)
        if len(connections) > _SLICE:
            self._loop.call_soon(self._in_slices, connections[_SLICE:], act)
