"""People whose connection is lost. Most are back within seconds; until then the others are not told that they left."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from chatdesk.server.eviction import EvictingSet
from chatdesk.server.person import Person
from chatdesk.server.room import Room

GRACE_SECONDS = 15.0
"""How long a lost person counts as present: long enough to reload a page or change the Wi-Fi, and nobody waits longer
for somebody who is gone."""
MAX_ABSENT = 1000
"""Lost people who are kept at most, because they are in everybody's list. Beyond it the shortest stay ends at once."""


class _Absence(NamedTuple):
    person: Person
    room: Room
    until: float


class GracePeriods:
    """The lost people of each room, oldest first. ``on_expired`` is called for those who are not back in time."""

    def __init__(self, on_expired: Callable[[Person, Room], None], seconds: float) -> None:
        self._on_expired = on_expired
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._absent: dict[str, _Absence] = {}
        self._keys_of: defaultdict[str, set[str]] = defaultdict(set)
        self._evicting = EvictingSet(MAX_ABSENT)
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def start(self, person: Person, room: Room) -> None:
        """The person's last connection to the room is lost: wait for them."""
        if self._closed:
            return
        key = _key(person, room)
        self._expire_now(key)  # this identity under another nickname
        self._absent[key] = _Absence(person, room, self._loop.time() + self._seconds)
        self._keys_of[person.identity].add(key)
        if evicted := self._evicting.add(key, person.stayed_seconds):
            self._expire_now(evicted)
        self._schedule()

    def returned(self, person: Person, room: Room) -> None:
        """The person has entered the room. Grace periods of the same identity under other nicknames end."""
        for key in tuple(self._keys_of.get(person.identity, ())):
            if self._absent[key].person is not person:
                self._expire_now(key)
            elif self._absent[key].room is room:
                self._forget(key)

    def is_waiting_for(self, person: Person) -> bool:
        """Whether the person still counts as present in any room."""
        return bool(self.rooms_of(person))

    def rooms_of(self, person: Person) -> set[str]:
        """The rooms in which the person still counts as present."""
        absences = (self._absent[key] for key in self._keys_of.get(person.identity, ()))
        return {absence.room.name for absence in absences if absence.person is person}

    def end(self, person: Person) -> None:
        """End all grace periods of the person."""
        for key in tuple(self._keys_of.get(person.identity, ())):
            if self._absent[key].person is person:
                self._expire_now(key)

    def end_identity(self, identity: str, room: Room | None = None) -> None:
        """End the grace periods of an identity, in one room or in all."""
        for key in tuple(self._keys_of.get(identity, ())):
            if room is None or self._absent[key].room is room:
                self._expire_now(key)

    def end_room(self, room: Room) -> None:
        """End all grace periods in the room."""
        for key in [key for key, absence in self._absent.items() if absence.room is room]:
            self._expire_now(key)

    def close(self) -> None:
        """Stop without calling ``on_expired``."""
        self._closed = True
        self._absent.clear()
        self._keys_of.clear()
        if self._timer:
            self._timer.cancel()

    def _schedule(self) -> None:
        if self._timer is None and self._absent:
            first = next(iter(self._absent.values()))
            self._timer = self._loop.call_at(first.until, self._expire)

    def _expire(self) -> None:
        self._timer = None
        now = self._loop.time()
        for key in [key for key, absence in self._absent.items() if absence.until <= now]:
            self._expire_now(key)
        self._schedule()

    def _expire_now(self, key: str) -> None:
        if absence := self._forget(key):
            self._on_expired(absence.person, absence.room)

    def _forget(self, key: str) -> _Absence | None:
        absence = self._absent.pop(key, None)
        if absence:
            self._evicting.discard(key)
            keys = self._keys_of[absence.person.identity]
            keys.discard(key)
            if not keys:
                del self._keys_of[absence.person.identity]
        return absence


def _key(person: Person, room: Room) -> str:
    return f"{person.identity} {room.name}"
