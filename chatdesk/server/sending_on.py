"""Sends people on to other servers of the chat while this one cannot keep what they write, though others can."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Protocol

from chatdesk.log.log_store import LogStore
from chatdesk.server.connection import Connection
from chatdesk.server.draining import close_one_by_one

_LOOK_SECONDS = 2.0
"""Between two looks at who is new, and has had a welcome by then; people are sent on evenly within this time."""
_STAY_SECONDS = 300.0
"""A client that is back sooner has found no other server, and stays: its person can read here meanwhile."""


class _Others(Protocol):
    """The other servers."""

    def goes_on(self) -> bool:
        """Whether one of them takes people in."""

    def moved(self) -> None:
        """People may be sent here, or may not any more."""


class SendingOn:
    """Looks after this from the beginning until ``close``."""

    def __init__(self, store: LogStore, others: _Others, connections: Callable[[], Collection[Connection]]) -> None:
        self._store = store
        self._others = others
        self._connections = connections
        self._sent: dict[str, float] = {}
        """When people were sent on, by identity."""
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe = store.subscribe(lambda _problem: self._changed())
        self._changed()

    def close(self) -> None:
        """Send nobody on any more."""
        self._unsubscribe()
        if self._task:
            self._task.cancel()

    def _changed(self) -> None:
        self._others.moved()
        if self._store.better_elsewhere and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._send_on())

    async def _send_on(self) -> None:
        while self._store.better_elsewhere:
            await close_one_by_one(self._leaving() if self._others.goes_on() else (), _LOOK_SECONDS)

    def _leaving(self) -> list[Connection]:
        """Return the connections of people who have not been sent on lately; now they have."""
        now = asyncio.get_running_loop().time()
        self._sent = {identity: at for identity, at in self._sent.items() if now - at < _STAY_SECONDS}
        people = {it: it.session.person.identity for it in self._connections() if it.session.person}
        leaving = [connection for connection, identity in people.items() if identity not in self._sent]
        self._sent |= dict.fromkeys((people[connection] for connection in leaving), now)
        return leaving
