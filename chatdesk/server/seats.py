"""Nicknames that stay with whoever has dropped out, so that nobody else has them when the connection is back."""

import time
from collections.abc import Callable
from math import ceil, inf
from typing import NamedTuple

from chatdesk.log.room_log import LogStore, Reservation
from chatdesk.server.places import Places

KEPT_SECONDS = 300.0
"""How long a nickname is kept: long enough for a walk through a dead spot, and for a restart of the server."""
MAX_KEPT = 10_000
"""At so many, the nickname of whoever was here for the shortest time is free."""


class _Kept(NamedTuple):
    identity: str
    until: float


class Seats:
    """The nicknames that are kept just now, the oldest first; for each identity the one it had last.

    The archive knows of these, and of those that are in use: after a restart all of them are kept.
    """

    def __init__(self, archive: LogStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._archive = archive
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._key_of: dict[str, str] = {}
        self._places = Places(MAX_KEPT)
        for seat in archive.reservations():
            self.keep(seat, inf)  # how long they were here is not written down: long enough to have a seat

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def kept_for(self, key: str) -> str | None:
        """The identity that this nickname is kept for; None when it is free."""
        self._expire()
        kept = self._kept.get(key)
        return kept.identity if kept else None

    def minutes(self, key: str) -> int:
        """For how many minutes this nickname is still kept, rounded up."""
        kept = self._kept.get(key)
        return ceil((kept.until - self._clock()) / 60) if kept else 0

    def take(self, seat: Reservation) -> None:
        """Somebody is here under this nickname; one that was kept for them until now is free."""
        if last := self._key_of.get(seat.identity):
            self._forget(last)
            if last != seat.key:
                self._archive.delete_reservation(last)
        self._archive.store_reservation(seat)

    def keep(self, seat: Reservation, stayed: float) -> None:
        """Somebody has dropped out who was here for so many seconds: the nickname is kept for them."""
        if last := self._key_of.get(seat.identity):
            self.leave(last)
        self._expire()
        self._kept[seat.key] = _Kept(seat.identity, self._clock() + KEPT_SECONDS)
        self._key_of[seat.identity] = seat.key
        if gives_way := self._places.take(seat.key, stayed):
            self.leave(gives_way)

    def leave(self, key: str) -> None:
        """Somebody has gone for good: the nickname is free."""
        self._forget(key)
        self._archive.delete_reservation(key)

    def _expire(self) -> None:
        now = self._clock()
        while self._kept:
            key, oldest = next(iter(self._kept.items()))
            if oldest.until > now:
                return
            self.leave(key)

    def _forget(self, key: str) -> None:
        if kept := self._kept.pop(key, None):
            del self._key_of[kept.identity]
            self._places.free(key)
