"""One room's fan-out: what falls due together is framed once, joined, and written once per member.

The loop is shared with everybody, in the window with the painting too, so a long fan-out goes in slices.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from chatdesk.server.presence import Person
from chatdesk.server.session import Mark, Session
from chatdesk.server.stats import Traffic

_WAIT_PER_MEMBER = 40e-6
_LONGEST_WAIT = 0.04


class Pace(NamedTuple):
    """How long a fan-out may hold the loop, and how long it then rests, in seconds."""

    work: float
    rest: float


HEADLESS = Pace(work=0.008, rest=0.0)
BESIDE_A_WINDOW = Pace(work=0.004, rest=0.002)
"""A frame of the window is due every 16 ms; it must not wait behind a whole fan-out."""


class Item(NamedTuple):
    """Frames that go out at the same place in the order, to single-event and to batching members.

    ``mark`` is how far the log has come with it; ``hidden_from`` is who must not see the item, ``only_for`` the one
    session that may.
    """

    plain: bytes
    batched: bytes
    mark: Mark | None = None
    hidden_from: Person | None = None
    only_for: Session | None = None

    def concerns(self, session: Session) -> bool:
        """Whether a session that was there in time may see it."""
        if self.only_for:
            return self.only_for is session
        return self.hidden_from is None or self.hidden_from is not session.person


class Batch:
    """The items of one flush."""

    def __init__(self, items: list[Item], first: int, after: Mark, ends: tuple[bytes, bytes]) -> None:
        self.items = items
        self.first = first
        self.after = after
        """The last message before this batch."""
        marks = [item.mark for item in items if item.mark]
        self.messages = sum(mark.seq > 0 for mark in marks)
        self.reached = marks[-1] if marks else after
        self.apart: set[Person | None] = {item.hidden_from for item in items if item.hidden_from}
        self.apart |= {item.only_for.person for item in items if item.only_for}
        """Whose sessions must not see just what all others see."""
        self._ends = ends
        self.plain = b"".join([item.plain for item in items if not item.only_for])
        self.batched = b"".join([ends[0], *(item.batched for item in items if not item.only_for), ends[1]])

    def own(self, session: Session) -> bytes:
        """The batch as this one session must see it: nothing from before it came, nothing that is not for it."""
        items = [
            item
            for index, item in enumerate(self.items, self.first)
            if index >= session.since and item.concerns(session)
        ]
        if not session.batched:
            return b"".join([item.plain for item in items])
        return b"".join([self._ends[0], *(item.batched for item in items), self._ends[1]])


class Fanout:
    """Collects items and brings them to the members of one room.

    ``mark`` is how far the log is at the beginning, ``ends`` gives the presence frames around a batch.
    """

    def __init__(
        self,
        members: Collection[Session],
        mark: Mark,
        ends: Callable[[], tuple[bytes, bytes]],
        pace: Pace,
        traffic: Traffic,
    ) -> None:
        self._members = members
        self.brought = mark
        """How far everybody who keeps up has surely been brought."""
        self._mark = mark
        self._ends = ends
        self._pace = pace
        self._traffic = traffic
        self._loop = asyncio.get_running_loop()
        self._items: list[Item] = []
        self._taken = 0
        self._flushed_at = 0.0
        self._timer: asyncio.Handle | None = None

    @property
    def next(self) -> int:
        """The number of the next item; a member from now on is there ``since`` this one."""
        return self._taken + len(self._items)

    def push(self, item: Item) -> None:
        """Bring the item to everybody: at once to a handful, within 40 ms to a thousand."""
        self._items.append(item)
        if self._timer is None:
            self._schedule()

    def cancel(self) -> None:
        """Stop; what is due goes to nobody."""
        if self._timer:
            self._timer.cancel()

    def _schedule(self) -> None:
        wait = min(_LONGEST_WAIT, _WAIT_PER_MEMBER * len(self._members))
        delay = self._flushed_at + wait - self._loop.time()
        if wait < 0.001 or delay <= 0:
            self._timer = self._loop.call_soon(self._flush)
        else:
            self._timer = self._loop.call_later(delay, self._flush)

    def _flush(self) -> None:
        self._flushed_at = self._loop.time()
        items, self._items = self._items, []
        batch = Batch(items, self._taken, self._mark, self._ends())
        self._taken += len(items)
        self._mark = batch.reached
        self._slice(batch, iter(list(self._members)))

    def _slice(self, batch: Batch, members: Iterator[Session]) -> None:
        clock = time.perf_counter  # uvloop's own clock stands still within a callback
        stop = clock() + self._pace.work
        first, plain, batched = batch.first, batch.plain, batch.batched
        delivered = 0
        for session in members:
            link = session.link
            if not link.writable:
                if session.missed_after is None:
                    session.missed_after = session.reached if session.since >= first else batch.after
            elif session.missed_after is None:
                if session.since > first or session.person in batch.apart:
                    link.write(batch.own(session))
                else:
                    link.write(batched if session.batched else plain)
                delivered += 1
            if clock() > stop:
                self._timer = self._rest(batch, members)
                break
        else:
            self._timer = None
            self.brought = batch.reached
            if self._items:
                self._schedule()
        self._traffic.deliveries += delivered * batch.messages

    def _rest(self, batch: Batch, members: Iterator[Session]) -> asyncio.Handle:
        if self._pace.rest:
            return self._loop.call_later(self._pace.rest, self._slice, batch, members)
        return self._loop.call_soon(self._slice, batch, members)
