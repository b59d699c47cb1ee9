"""One room's fan-out: items that are due together are joined, and written once per member.

The loop is shared with all other connections, and in the window with painting, so a long fan-out is done in slices.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple, Protocol

from chatdesk.server.person import Person
from chatdesk.server.session_connection import SessionConnection
from chatdesk.server.stats import Traffic
from chatdesk.server.stream_position import StreamPosition

_LONGEST_WAIT_SECONDS = 0.04
"""From one flush to the next: nobody notices a delay of 40 ms, so a room of any size may use more than its share."""
_FLOOD_PER_SECOND = 1000
"""Messages of one room. Nobody reads so many, so that to save writes counts for more than the delay."""
_NO_UPDATE = 1 << 60
"""Greater than the number of any message."""
_SHORT_SECONDS = 0.001
"""A wait that is not worth a timer: up to about a hundred members hear everything in the next turn of the loop."""
_GATHER_SECONDS = 0.02
"""A wait in which one commit in place of several is worth that some messages are stored a little late for the flush: a
millisecond of the processor for each commit, in a flood, a room of thousands, or beside a window."""

_UNHURRIED_SECONDS = 0.1
"""What need not be told at once waits for a message, or so long: 200 people who type at once would else make a fan-out
each."""


class Pace(NamedTuple):
    """How long a fan-out may hold the loop at a time, and how long it then rests, in seconds.

    ``share`` is the part of the loop's time that it may take: for so long after the last flush the next one waits.
    ``share_singly`` is that after a flush of one message, whose wait has saved no write.
    """

    work: float
    rest: float
    share: float
    share_singly: float


HEADLESS = Pace(work=0.008, rest=0.0, share=0.5, share_singly=0.9)
"""Without a window nothing is painted; others wait 8 ms at most, which is enough for about a thousand writes. Some of
the time is left for everything else, and whatever comes meanwhile goes out in the same writes."""
BESIDE_A_WINDOW = Pace(work=0.002, rest=0.002, share=0.2, share_singly=0.2)
"""A frame of the window is due every 16 ms: an eighth of that is work, and the rest lets it paint in between."""


class Member(Protocol):
    """What a room and its fan-out need of a membership; ``Membership`` says what each field means."""

    first_item: int
    log_position: StreamPosition
    catch_up_from: StreamPosition | None
    floor: int

    @property
    def person(self) -> Person: ...

    @property
    def connection(self) -> SessionConnection: ...

    @property
    def batched(self) -> bool: ...

    @property
    def markup(self) -> bool: ...

    @property
    def silent(self) -> bool: ...

    @property
    def hears_bots(self) -> bool: ...

    @property
    def hears_pace(self) -> bool: ...

    def catch_up(self) -> None: ...

    def send_when_caught_up(self, frame: bytes) -> None: ...

    def end(self) -> None: ...


class Item(NamedTuple):
    """What members receive at one place in the order: ``plain`` frames, or ``batched`` ones for batching members.

    ``marked`` frames are in place of both for members that draw markup; empty if there is nothing to draw.
    ``position`` is the place in the log that is reached with it, if any. Members of ``hidden_from`` do not get the
    item; if ``only_for`` is set, no other member gets it. ``updates`` is the older message that it changes: who may not
    see that message does not get it either. ``bot`` is the author of what a bot has said: other bots do not get it
    unless they hear bots.
    """

    plain: bytes
    batched: bytes
    position: StreamPosition | None = None
    hidden_from: Person | None = None
    only_for: Member | None = None
    updates: int | None = None
    bot: str = ""
    marked: bytes = b""

    def is_for(self, member: Member) -> bool:
        """Whether one that is a member by now gets the item."""
        if self.only_for:
            return self.only_for is member
        if self.updates is not None and self.updates <= member.floor:
            return False
        if self.bot and not member.hears_bots and member.person.author != self.bot:
            return False
        return self.hidden_from is None or self.hidden_from is not member.person


class PresenceFrames(NamedTuple):
    """What a batch tells besides its items: who has come before them and who has gone after them, for members that
    batch, and for the others what is told after them.
    """

    before: bytes = b""
    after: bytes = b""
    plain: bytes = b""


class Batch:
    """The items of one flush, joined. ``first`` is the number of the first one."""

    def __init__(self, items: list[Item], first: int, start: StreamPosition, presence: PresenceFrames) -> None:
        self.items = items
        self.first = first
        self.start = start
        """The position before this batch."""
        positions = [item.position for item in items if item.position]
        self.messages = sum(position.change > 0 for position in positions)
        self.end = positions[-1] if positions else start
        self.individual: set[Person] = {item.hidden_from for item in items if item.hidden_from}
        self.individual |= {item.only_for.person for item in items if item.only_for}
        """People whose memberships do not get exactly what all others get."""
        self.oldest_update = min((item.updates for item in items if item.updates is not None), default=_NO_UPDATE)
        """Nor do those who may not see this message."""
        self._presence = presence
        shared = [item for item in items if not item.only_for]
        has_marks = any(item.marked for item in shared)
        self.frames = (
            self._variants(shared, has_marks, batched=False),
            self._variants(shared, has_marks, batched=True),
        )
        """What is written to members that get all: to those that do not batch or do, and do not draw markup or do."""

    def bytes_for(self, member: Member) -> bytes:
        """The batch for one member: without items from before it joined, and without items that are not for it."""
        items = [
            item
            for index, item in enumerate(self.items, self.first)
            if index >= member.first_item and item.is_for(member)
        ]
        return self._joined(items, batched=member.batched, markup=member.markup)

    def _variants(self, items: list[Item], has_marks: bool, *, batched: bool) -> tuple[bytes, bytes]:
        """The frames without bodies and with them."""
        frame = self._joined(items, batched=batched)
        return frame, self._joined(items, batched=batched, markup=True) if has_marks else frame

    def _joined(self, items: list[Item], *, batched: bool, markup: bool = False) -> bytes:
        frames = [(markup and item.marked) or (item.batched if batched else item.plain) for item in items]
        presence = self._presence
        return b"".join([presence.before, *frames, presence.after] if batched else [*frames, presence.plain])


class Fanout:
    """Collects items and delivers them to the members of one room.

    ``position`` is the end of the log now; ``take_presence`` returns what a batch tells besides its items.
    """

    def __init__(
        self,
        members: Collection[Member],
        position: StreamPosition,
        take_presence: Callable[[], PresenceFrames],
        pace: Pace,
        traffic: Traffic,
        on_rest: Callable[[float], None] = lambda _moment: None,
    ) -> None:
        self._members = members
        self.delivered = position
        """The position that every member that keeps up has received."""
        self._position = position
        self._take_presence = take_presence
        self._pace = pace
        self._traffic = traffic
        self._on_rest = on_rest
        self._loop = asyncio.get_running_loop()
        self._items: list[Item] = []
        self._flushed = 0
        self._flushed_at = 0.0
        """By the monotonic clock; uvloop's own stands still within a callback."""
        self._worked = 0.0
        """How long the last flush has held the loop, in seconds: this follows the number of members, and how busy the
        machine is."""
        self._share = pace.share
        self._flooded = False
        self._timer: asyncio.Handle | None = None
        self._unhurried = 0
        """How many of the items need not be told at once."""
        self._unhurried_timer: asyncio.Handle | None = None

    @property
    def next_index(self) -> int:
        """The number of the next item: the first one for a membership that begins now."""
        return self._flushed + len(self._items)

    def push(self, item: Item) -> None:
        """Deliver the item to everybody: in the next turn of the loop, or when the last flush has had its rest."""
        self._items.append(item)
        if self._timer is None:
            self._schedule()

    def push_unhurried(self, item: Item) -> None:
        """Deliver the item to everybody with the next one, or within about a tenth of a second."""
        self._items.append(item)
        self._unhurried += 1
        if self._unhurried_timer is None:
            self._unhurried_timer = self._loop.call_later(_UNHURRIED_SECONDS, self._hurry)

    def cancel(self) -> None:
        """Stop. Items that are due are not delivered."""
        for timer in (self._timer, self._unhurried_timer):
            if timer:
                timer.cancel()

    def _hurry(self) -> None:
        self._unhurried_timer, self._unhurried = None, 0
        if self._items and self._timer is None:
            self._schedule()

    def _schedule(self) -> None:
        wait = self._wait()
        delay = self._flushed_at + wait - time.monotonic()
        if wait < _SHORT_SECONDS or delay <= 0:
            self._timer = self._loop.call_soon(self._flush)
        else:
            self._timer = self._loop.call_later(delay, self._flush)

    def _wait(self) -> float:
        """Seconds from the last flush to the next one."""
        rest = self._worked / self._share
        return _LONGEST_WAIT_SECONDS if self._flooded and rest > _SHORT_SECONDS else min(_LONGEST_WAIT_SECONDS, rest)

    def _flush(self) -> None:
        since, self._flushed_at = self._flushed_at, time.monotonic()
        self._worked = 0.0
        items, self._items, self._unhurried = self._items, [], 0
        batch = Batch(items, self._flushed, self._position, self._take_presence())
        self._flushed += len(items)
        self._position = batch.end
        if any(item.bot for item in items):
            batch.individual |= {member.person for member in self._members if not member.hears_bots}
        self._share = self._pace.share if batch.messages > 1 else self._pace.share_singly
        self._flooded = batch.messages > _FLOOD_PER_SECOND * (self._flushed_at - since)
        self._deliver_slice(batch, iter(list(self._members)))

    def _deliver_slice(self, batch: Batch, members: Iterator[Member]) -> None:
        clock = time.perf_counter
        start = clock()
        stop = start + self._pace.work
        first, frames, oldest_update = batch.first, batch.frames, batch.oldest_update
        delivered = 0
        for member in members:
            connection = member.connection
            if not connection.writable:
                if member.catch_up_from is None:
                    member.catch_up_from = member.log_position if member.first_item >= first else batch.start
            elif member.catch_up_from is None:
                if member.first_item > first or member.person in batch.individual or member.floor >= oldest_update:
                    connection.write(batch.bytes_for(member))
                else:
                    connection.write(frames[member.batched][member.markup])
                delivered += 1
            if clock() > stop:
                self._worked += clock() - start
                self._timer = self._schedule_rest(batch, members)
                break
        else:
            self._worked += clock() - start
            self._timer = None
            self.delivered = batch.end
            if (wait := self._wait()) > _GATHER_SECONDS:
                self._on_rest(self._flushed_at + wait)
            if len(self._items) > self._unhurried:
                self._schedule()
        self._traffic.deliveries += delivered * batch.messages

    def _schedule_rest(self, batch: Batch, members: Iterator[Member]) -> asyncio.Handle:
        if self._pace.rest:
            return self._loop.call_later(self._pace.rest, self._deliver_slice, batch, members)
        return self._loop.call_soon(self._deliver_slice, batch, members)
