"""People whose line is lost: most of them are back in a moment, and until then nobody is told that they have left."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from chatdesk.server.eviction import EvictingSet
from chatdesk.server.presence import Person
from chatdesk.server.room import Room

GRACE_SECONDS = 15.0
"""How long whoever has lost the line counts as here."""
MAX_ABSENT = 1000
"""At so many, whoever was here for the shortest time has left at once: all of them are in everybody's list."""


class _Absence(NamedTuple):
    person: Person
    room: Room
    until: float


class GracePeriods:
    """Who is away from which room just now, the oldest first. ``end`` is called where somebody is not back in time."""

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
        """The last connection of this person to the room is lost."""
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
        """This person is in the room; under any other nickname, they have left by now."""
        for key in tuple(self._keys_of.get(person.identity, ())):
            if self._absent[key].person is not person:
                self._expire_now(key)
            elif self._absent[key].room is room:
                self._forget(key)

    def is_waiting_for(self, person: Person) -> bool:
        """Whether this person still counts as here, in whatever room."""
        return any(self._absent[key].person is person for key in self._keys_of.get(person.identity, ()))

    def end(self, person: Person) -> None:
        """This person is waited for no longer."""
        for key in tuple(self._keys_of.get(person.identity, ())):
            if self._absent[key].person is person:
                self._expire_now(key)

    def end_room(self, room: Room) -> None:
        """Nobody is waited for in this room any longer."""
        for key in [key for key, absence in self._absent.items() if absence.room is room]:
            self._expire_now(key)

    def close(self) -> None:
        """Wait for nobody, and tell nobody."""
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
