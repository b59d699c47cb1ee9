"""One timer for all connections: pings, and deadlines."""

import asyncio
from collections.abc import Callable, Collection

from chatdesk.server.connection import Connection
from chatdesk.server.http.connection import NewConnection

INTERVAL_SECONDS = 12.0
"""Seconds between two pings. A dead peer is closed at the second one, within half a minute."""
_HTTP_IDLE_SECONDS = 15.0
"""Enough for a slow phone to send a request of 8 KB; a connection that sends nothing only takes a file."""
_SLICE = 200
"""Connections that are looked after in one turn of the loop, so that a large room is no long task."""
_SUSPENDED_AFTER_TICKS = 4
"""A tick that is this many ticks late: the process was suspended, and what peers sent meanwhile is not read yet."""


class Heartbeat:
    """Looks after the connections of one server. ``interval`` is in seconds; ``tidy`` is called as often as pings."""

    def __init__(
        self,
        connections: Collection[Connection],
        http: Collection[NewConnection],
        interval: float = INTERVAL_SECONDS,
        tidy: Callable[[], None] = lambda: None,
    ) -> None:
        self._connections = connections
        self._http = http
        self._interval = interval
        self._tidy = tidy
        self._loop = asyncio.get_running_loop()
        self._tick_seconds = min(1.0, interval / 4)
        self._next_ping = self._loop.time() + interval - self._tick_seconds
        self._tick_due = 0.0
        self._waited_once = False
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start, or set the timer for the next tick."""
        self._tick_due = self._loop.time() + self._tick_seconds
        self._timer = self._loop.call_later(self._tick_seconds, self._on_tick)

    def stop(self) -> None:
        """Stop the timer."""
        if self._timer:
            self._timer.cancel()

    def _on_tick(self) -> None:
        now = self._loop.time()
        if now > self._tick_due + _SUSPENDED_AFTER_TICKS * self._tick_seconds and not self._waited_once:
            self._waited_once = True
            return self.start()  # some loops run timers before they read
        self._waited_once = False
        for http_connection in list(self._http):
            if now > http_connection.idle_since + _HTTP_IDLE_SECONDS and not http_connection.was_held_back():
                http_connection.abort()
        self._in_slices(list(self._connections), lambda connection: connection.check_deadlines(now))
        if now >= self._next_ping:
            # a tick early, because the tick at which it is due may be late
            self._next_ping = now + self._interval - self._tick_seconds
            self._in_slices(list(self._connections), Connection.ping)
            self._tidy()
        return self.start()

    def _in_slices(self, connections: list[Connection], act: Callable[[Connection], None]) -> None:
        """Act on a few connections at a time: thousands of pings at once would block the loop."""
        for connection in connections[:_SLICE]:
            act(connection)
        if len(connections) > _SLICE:
            self._loop.call_soon(self._in_slices, connections[_SLICE:], act)
