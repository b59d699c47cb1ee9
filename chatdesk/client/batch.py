"""Many changes in one call: a view can be told 400 things in a second, not 400 times."""

import asyncio
from collections.abc import Callable

from chatdesk.client.changes import Appended, Change, Grew

_INTERVAL_SECONDS = 0.045
_GREW = Grew()


class Batch:
    """Passes changes on at once when it is quiet, and collects them for 45 ms when it is not."""

    def __init__(self, deliver: Callable[[list[Change]], None]) -> None:
        self._deliver = deliver
        self._loop = asyncio.get_running_loop()
        self._changes: list[Change] = []
        self._timer: asyncio.Handle | None = None
        self._delivered_at = 0.0

    def add(self, changes: list[Change]) -> None:
        """Pass these on, soon."""
        self._changes += changes
        if self._changes and self._timer is None:
            self._timer = self._schedule()

    def flush(self) -> None:
        """Pass on what there is, now."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._changes:
            changes, self._changes = self._changes, []
            self._delivered_at = self._loop.time()
            self._deliver(_joined(changes))

    def _schedule(self) -> asyncio.Handle:
        due = self._delivered_at + _INTERVAL_SECONDS
        if due <= self._loop.time():
            return self._loop.call_soon(self.flush)
        return self._loop.call_at(due, self.flush)


def _joined(changes: list[Change]) -> list[Change]:
    """Neighbouring runs of messages as one run; that the room grew, once."""
    joined: list[Change] = []
    run: list[Appended] = []
    for change in changes:
        if isinstance(change, Appended):
            run.append(change)
            continue
        joined += _as_one(run)
        run.clear()
        if change != _GREW or joined[-1:] != [change]:
            joined.append(change)
    return joined + _as_one(run)


def _as_one(run: list[Appended]) -> list[Appended]:
    return [Appended(tuple(message for change in run for message in change.messages))] if run else []
