"""Nicknames that are reserved for people whose connection is lost, so that nobody else takes them meanwhile."""

import time
from collections.abc import Callable, Iterator
from math import ceil, inf
from typing import NamedTuple

from chatdesk.log.log_store import LogStore
from chatdesk.log.reservation import Reservation
from chatdesk.protocol.names import nickname_key
from chatdesk.server.alike_names import AlikeNames
from chatdesk.server.eviction import EvictingSet

RESERVED_SECONDS = 300.0
"""How long a nickname is reserved: long enough for a dead spot of the Wi-Fi, and for a restart of the server."""
MAX_RESERVED = 10_000
"""Reservations at most, so that a flood of names takes a few megabytes. Beyond it the shortest stay loses its own."""


class _Reserved(NamedTuple):
    identity: str
    nickname: str
    until: float


class NicknameReservations:
    """The reserved nicknames, oldest first; for each identity only its latest one.

    The log store knows these, and those that are in use: after a restart all of them are kept.
    """

    def __init__(self, store: LogStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._reserved: dict[str, _Reserved] = {}
        self._key_of: dict[str, str] = {}
        self._evicting = EvictingSet(MAX_RESERVED)
        self._alike = AlikeNames(self._name_of)
        for reservation in store.reservations():
            self.reserve(reservation, inf)  # the stay is not stored: evicted last

    def __len__(self) -> int:
        """How many nicknames are reserved."""
        return len(self._reserved)

    def holder(self, key: str) -> str | None:
        """The identity that this nickname is reserved for; None if it is free."""
        self._expire()
        reserved = self._reserved.get(key)
        return reserved.identity if reserved else None

    def find_alike(self, nickname: str) -> Iterator[str]:
        """The keys of the reserved nicknames that people could take for this one."""
        self._expire()
        return map(nickname_key, self._alike.find(nickname)) if self._reserved else iter(())

    def minutes_left(self, key: str) -> int:
        """For how many more minutes this nickname is reserved, rounded up."""
        reserved = self._reserved.get(key)
        return ceil((reserved.until - self._clock()) / 60) if reserved else 0

    def claim(self, reservation: Reservation) -> None:
        """The identity uses this nickname now. The one that was reserved for it is free."""
        if last := self._key_of.get(reservation.identity):
            self._forget(last)
            if last != reservation.key:
                self._store.delete_reservation(last)
        self._store.store_reservation(reservation)

    def reserve(self, reservation: Reservation, stayed_seconds: float) -> None:
        """Reserve the nickname of a lost person who stayed for so many seconds."""
        if last := self._key_of.get(reservation.identity):
            self.release(last)
        self._expire()
        name = reservation.nickname or reservation.key
        self._reserved[reservation.key] = _Reserved(reservation.identity, name, self._clock() + RESERVED_SECONDS)
        self._alike.add(name)
        self._key_of[reservation.identity] = reservation.key
        if evicted := self._evicting.add(reservation.key, stayed_seconds):
            self.release(evicted)

    def release(self, key: str) -> None:
        """Free the nickname: its person has left for good, or the time is over."""
        self._forget(key)
        self._store.delete_reservation(key)

    def _expire(self) -> None:
        now = self._clock()
        while self._reserved:
            key, oldest = next(iter(self._reserved.items()))
            if oldest.until > now:
                return
            self.release(key)

    def _forget(self, key: str) -> None:
        if reserved := self._reserved.pop(key, None):
            del self._key_of[reserved.identity]
            self._evicting.discard(key)
            self._alike.discard(reserved.nickname)

    def _name_of(self, key: str) -> str | None:
        reserved = self._reserved.get(key)
        return reserved.nickname if reserved else None
