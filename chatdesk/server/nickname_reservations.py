"""Nicknames that stay with whoever has dropped out, so that nobody else has them when the connection is back."""

import time
from collections.abc import Callable
from math import ceil, inf
from typing import NamedTuple

from chatdesk.log.room_log import LogStore, Reservation
from chatdesk.server.eviction import EvictingSet

RESERVED_SECONDS = 300.0
"""How long a nickname is kept: long enough for a walk through a dead spot, and for a restart of the server."""
MAX_RESERVED = 10_000
"""At so many, the nickname of whoever was here for the shortest time is free."""


class _Reserved(NamedTuple):
    identity: str
    until: float


class NicknameReservations:
    """The nicknames that are kept just now, the oldest first; for each identity the one it had last.

    The log store knows these, and those that are in use: after a restart all of them are kept.
    """

    def __init__(self, store: LogStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._reserved: dict[str, _Reserved] = {}
        self._key_of: dict[str, str] = {}
        self._evicting = EvictingSet(MAX_RESERVED)
        for reservation in store.reservations():
            self.reserve(reservation, inf)  # how long they were here is not written down: long enough to have a seat

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._reserved)

    def holder(self, key: str) -> str | None:
        """The identity that this nickname is kept for; None when it is free."""
        self._expire()
        reserved = self._reserved.get(key)
        return reserved.identity if reserved else None

    def minutes_left(self, key: str) -> int:
        """For how many minutes this nickname is still kept, rounded up."""
        reserved = self._reserved.get(key)
        return ceil((reserved.until - self._clock()) / 60) if reserved else 0

    def claim(self, reservation: Reservation) -> None:
        """Somebody is here under this nickname; one that was kept for them until now is free."""
        if last := self._key_of.get(reservation.identity):
            self._forget(last)
            if last != reservation.key:
                self._store.delete_reservation(last)
        self._store.store_reservation(reservation)

    def reserve(self, reservation: Reservation, stayed_seconds: float) -> None:
        """Somebody has dropped out who was here for so many seconds: the nickname is kept for them."""
        if last := self._key_of.get(reservation.identity):
            self.release(last)
        self._expire()
        self._reserved[reservation.key] = _Reserved(reservation.identity, self._clock() + RESERVED_SECONDS)
        self._key_of[reservation.identity] = reservation.key
        if evicted := self._evicting.add(reservation.key, stayed_seconds):
            self.release(evicted)

    def release(self, key: str) -> None:
        """Somebody has gone for good: the nickname is free."""
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
