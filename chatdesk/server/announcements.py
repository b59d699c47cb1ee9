"""Tells a room who has come and gone: in a small one everybody by name, in a large one once a second, and how many."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from chatdesk.protocol import codec, events, times
from chatdesk.server.fanout import Item, PresenceFrames
from chatdesk.server.frames import text_frame
from chatdesk.server.person import Person
from chatdesk.server.presence import Presence

PAUSE_SECONDS = 1.0
"""Between two announcements in a large room. Each is a write to every member, and while a lecture fills, a second is
short enough to see the number of people grow."""


class Announcements:
    """Announces the changes of one room's ``presence``. ``push`` gives an item to the room's fan-out.

    Members that batch get ``presence`` events. The others get ``user_joined`` and ``user_left`` for each person, in a
    large room only for the latest one. Of a ``quiet`` room these hear nothing: they have not asked to be in it.
    """

    def __init__(self, room: str, presence: Presence, push: Callable[[Item], None], *, quiet: bool = False) -> None:
        self._room = room
        self._presence = presence
        self._push = push
        self._quiet = quiet
        self._loop = asyncio.get_running_loop()
        self._told_at = self._loop.time() - PAUSE_SECONDS
        self._timer: asyncio.TimerHandle | None = None
        self._due = False
        self._latest_joined: Person | None = None
        self._latest_left: Person | None = None

    def arrived(self, person: Person) -> None:
        """A person has joined."""
        if self._presence.large:
            self._latest_joined = person
            self._tell_in_time()
        else:
            self._push(Item(b"" if self._quiet else _frame(self._joined(person)), b""))

    def departed(self, person: Person) -> None:
        """A person has left."""
        if self._presence.large:
            self._latest_left = person
            self._tell_in_time()
        else:
            self._push(Item(b"" if self._quiet else _frame(self._left(person)), b""))

    def renamed(self, person: Person, old: str) -> None:
        """A person has another nickname than the ``old`` one."""
        now, count = times.timestamp(), len(self._presence.people)
        left = events.UserLeft(old, now, count, self._room, person.author)
        renamed = events.Renamed(old, person.nickname, now, self._room, person.author)
        plain = b"" if self._quiet else _frame(left) + _frame(self._joined(person))
        self._push(Item(plain, _frame(renamed)))

    def changed(self) -> None:
        """Somebody has another status: members that batch are told."""
        if self._presence.large:
            self._tell_in_time()
        else:
            self._push(Item(b"", b""))

    def take_frames(self) -> PresenceFrames:
        """What a batch of the fan-out tells besides its items; nothing if a large room was told a moment ago."""
        if not self._presence.changed:
            return PresenceFrames()
        now = self._loop.time()
        if self._presence.large and not self._due and now < self._told_at + PAUSE_SECONDS:
            self._tell_in_time()
            return PresenceFrames()
        self.cancel()
        self._due, self._told_at = False, now
        plain = self._take_latest()
        joined, left = self._presence.take_changes(self._room)
        return PresenceFrames(_frame(joined), _frame(left), plain)

    def cancel(self) -> None:
        """Stop the timer."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _tell_in_time(self) -> None:
        """Have the fan-out take the frames as soon as the pause is over, if no message makes it do so."""
        if self._timer is None:
            self._timer = self._loop.call_at(self._told_at + PAUSE_SECONDS, self._pause_over)

    def _pause_over(self) -> None:
        self._timer = None
        self._due = True
        self._push(Item(b"", b""))

    def _take_latest(self) -> bytes:
        """The events for members that do not batch, of a large room: of the latest to come and to go who did not turn
        back since.
        """
        joined, left, people = self._latest_joined, self._latest_left, self._presence.people
        self._latest_joined = self._latest_left = None
        came = _frame(self._joined(joined)) if joined and joined.key in people else b""
        return came + (_frame(self._left(left)) if left and left.key not in people else b"")

    def _joined(self, person: Person) -> events.UserJoined:
        now, count = times.timestamp(), len(self._presence.people)
        return events.UserJoined(person.nickname, now, count, self._room, person.client, person.host, person.author)

    def _left(self, person: Person) -> events.UserLeft:
        now, count = times.timestamp(), len(self._presence.people)
        return events.UserLeft(person.nickname, now, count, self._room, person.author)


def _frame(event: events.Event | None) -> bytes:
    return text_frame(codec.encode(event)) if event else b""
