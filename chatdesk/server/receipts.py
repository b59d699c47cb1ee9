"""Receipts: how many have read a message, for its author; and by name on request.

The cost does not grow with the square of a room. Nobody is told of single marks. At most once a second and room, its
marks are counted, and those who wrote one of its LIVE newest messages get the counts that have changed since, in one
event: with 1,000 people who all read on at once that is some 4 ms, and at most LIVE writes of about 100 bytes, a
second, and nothing for those who only read. Counts of older messages, and names, are told when a client asks for them.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from chatdesk.log.bots import is_bot
from chatdesk.log.room_log import LogError, Record
from chatdesk.log.rooms import Subscription
from chatdesk.protocol import room_events
from chatdesk.protocol.room_events import Receipt
from chatdesk.protocol.search_folding import fold
from chatdesk.server.auth import Principal
from chatdesk.server.hub import Hub
from chatdesk.server.log_tasks import LogTasks
from chatdesk.server.permissions import Right, may
from chatdesk.server.room import Room
from chatdesk.server.session import Session

LIVE = 200
"""The newest messages of a room, whose counts are told when they change: more than a screen shows."""
PAUSE_SECONDS = 1.0
"""Between two rounds of a room: nobody sees sooner that one more has read."""
_GATHER_SECONDS = 0.05
"""From the first mark to a round after a pause: what is said in a room is read by many at once."""
_UNSURE = -1
"""In place of a count: not all of the author's devices have the same one."""


class Marks(NamedTuple):
    """How far some people have come, to count by: where their marks began and where they are, each in order."""

    starts: list[int]
    furthest: list[int]

    def readers(self, seq: int) -> int:
        """How many have read a message."""
        return bisect_left(self.starts, seq) - bisect_left(self.furthest, seq)

    def people(self, seq: int) -> int:
        """How many could have: they belonged to the room when it was said."""
        return bisect_left(self.starts, seq)


class _Room(NamedTuple):
    """Those in a room who give receipts, by identity: they belong to it, may read there, and are no bots."""

    people: Mapping[str, Subscription]
    marks: Marks
    closed: bool

    def others(self, seq: int, identity: str) -> int:
        """How many others than this person have read a message."""
        own = self.people.get(identity)
        return self.marks.readers(seq) - (own is not None and own.has_read(seq))


class Receipts:
    """The receipts of all rooms of a chat; ``allowed``: whether the host wants any."""

    def __init__(self, hub: Hub, allowed: bool) -> None:
        self._hub = hub
        self.allowed = allowed
        self.on_turned: Callable[[bool], None] = lambda _allowed: None
        """Called when the host has turned them on or off here."""
        self._loop = asyncio.get_running_loop()
        self._tasks = LogTasks()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._rounds: dict[str, _Round] = {}
        self._rooms: dict[str, _Room] = {}
        """Those that nothing has changed in since they were counted."""
        hub.subscriptions.on_change = self.changed

    @property
    def allowed(self) -> bool:
        """Whether the host wants receipts."""
        return self._hub.subscriptions.receipts_allowed

    @allowed.setter
    def allowed(self, allowed: bool) -> None:
        self._hub.subscriptions.receipts_allowed = allowed

    def allow(self, allowed: bool, but: Session | None = None) -> None:
        """The host wants receipts, or none: tell everybody's clients, ``but`` not this one."""
        self.allowed = allowed
        for session in self._hub.all_sessions():
            if session.receipts and session.person and session is not but:
                session.send(self.settings(session.person.identity))

    def gives(self, identity: str) -> bool:
        """Whether others see what this person has read, and they what others have."""
        return self._hub.subscriptions.gives_receipts(identity)

    def readers(self, room: Room, identity: str, seq: int) -> tuple[list[tuple[str, str]], int]:
        """Who else has read a message of this person, by name: identity and nickname; and how many could have."""
        others = {other: kept for other, kept in self._counted(room).people.items() if other != identity}
        names = [(other, kept.nickname) for other, kept in others.items() if kept.has_read(seq)]
        return sorted(names, key=lambda name: fold(name[1])), sum(kept.start < seq for kept in others.values())

    def counts(self, room: Room, identity: str, records: Iterable[Record]) -> list[Receipt]:
        """How many others have read these messages, as far as they are this person's own and there.

        These are newer than what was told in the last round, so the next one tells them again.
        """
        author, counted = self._hub.author(identity), self._counted(room)
        own = [record.seq for record in records if record.author == author and not record.removed]
        if (last := self._rounds.get(room.name)) is None or last.epoch != room.log.epoch:
            last = self._rounds[room.name] = _Round(room.log.epoch, self._loop.time() - PAUSE_SECONDS, {})
        last.told.update(dict.fromkeys(own, _UNSURE))
        return [Receipt(seq, counted.others(seq, identity)) for seq in own]

    def settings(self, identity: str, ref: str | None = None) -> room_events.ReceiptSettings:
        """What holds for a person; ``ref`` is the command's."""
        given = identity not in self._hub.subscriptions.receipts_off
        return room_events.ReceiptSettings(self.allowed, given, ref)

    def changed(self, name: str) -> None:
        """Somebody has read on in a room, has come or gone, or has turned receipts on or off."""
        self._rooms.pop(name, None)
        if self.allowed and name not in self._timers and name in self._hub.rooms:
            last = self._rounds.get(name)
            rest = last.at + PAUSE_SECONDS - self._loop.time() if last else 0.0
            self._timers[name] = self._loop.call_later(max(_GATHER_SECONDS, rest), self._begin_round, name)

    def close(self) -> None:
        """Tell nobody anything any more."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._hub.subscriptions.on_change = _ignore

    def _counted(self, room: Room) -> _Room:
        """The room as it is now."""
        known = self._rooms.get(room.name)
        if known is None or known.closed != room.closed:
            self._rooms = {name: kept for name, kept in self._rooms.items() if name in self._hub.rooms}
            known = self._rooms[room.name] = self._count(room)
        return known

    def _count(self, room: Room) -> _Room:
        hub, off = self._hub, self._hub.subscriptions.receipts_off
        people = {
            identity: kept
            for identity, kept in hub.subscriptions.in_room(room.name).items()
            if kept.joined
            and identity not in off
            and not is_bot(identity)
            and may(Principal(identity, role=hub.role(identity)), Right.READ, room)
        }
        starts = sorted(kept.start for kept in people.values())
        furthest = sorted(kept.furthest for kept in people.values())
        return _Room(people, Marks(starts, furthest), room.closed)

    def _begin_round(self, name: str) -> None:
        room = self._hub.rooms.get(name)
        if room is None:
            del self._timers[name]
            return
        epoch = room.log.epoch

        async def newest() -> list[Record]:
            return (await room.log.before(room.log.last_seq + 1, LIVE)).records

        def tell(records: list[Record] | LogError) -> None:
            wanted = self._timers.pop(name, None) is not None and self.allowed
            if wanted and room.log.epoch == epoch and not isinstance(records, LogError):
                self._tell(room, records)

        self._tasks.run(newest, tell)

    def _tell(self, room: Room, records: list[Record]) -> None:
        """Send what has changed since the last round to those whose messages it is about."""
        last, counted = self._rounds.get(room.name), self._counted(room)
        before = last.told if last and last.epoch == room.log.epoch else {}
        told: dict[int, int] = {}
        news: dict[str, list[Receipt]] = {}
        for record in records:
            person = self._hub.person_of(record.author)
            if person is None or record.removed:
                continue
            count = told[record.seq] = counted.others(record.seq, person.identity)
            if count != before.get(record.seq, 0):
                news.setdefault(person.identity, []).append(Receipt(record.seq, count))
        self._rounds = {name: kept for name, kept in self._rounds.items() if name in self._hub.rooms}
        self._rounds[room.name] = _Round(room.log.epoch, self._loop.time(), told)
        for identity, counts in news.items():
            if not self._send(room, identity, room_events.Receipts(room.name, room.log.epoch, counts)):
                told.update((count.seq, _UNSURE) for count in counts)
                self._loop.call_soon(self.changed, room.name)

    def _send(self, room: Room, identity: str, event: room_events.Receipts) -> bool:
        """Send it to a person. Returns False if one of their devices does not read what it gets."""
        sessions = self._hub.sessions(identity) if self.gives(identity) else ()
        listening = [session for session in sessions if _hears(session, room)]
        for session in listening:
            if session.connection.writable:
                session.send(event)
        return all(session.connection.writable for session in listening)


class _Round(NamedTuple):
    """The last time that authors were told in a room: when, and how many have read which message."""

    epoch: str
    at: float
    told: dict[int, int]


def _hears(session: Session, room: Room) -> bool:
    """Whether a session is told of receipts in a room."""
    principal = session.principal
    in_it = session.receipts and session.membership(room.name) is not None
    return in_it and principal is not None and may(principal, Right.READ, room)


def _ignore(_room: str) -> None:
    """The chat is closing."""
