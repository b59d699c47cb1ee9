"""Nicknames that stay with whoever has dropped out, so that nobody else has them when the connection is back."""

import time
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from chatdesk.log.room_log import Archive, Seat

KEPT_SECONDS = 300.0
"""How long a nickname is kept: long enough for a walk through a dead spot, and for a restart of the server."""
MAX_KEPT = 10_000
"""At so many the next one is not kept: a flood of names may fill the list, but drives nobody out of it."""
MAX_KEPT_FOR_ONE = 100
"""As many for one address, so that it takes more than one to fill the list."""

_Origin = IPv4Address | bytes | None
"""Whom an address belongs to. A single machine may have all the IPv6 addresses that begin with the same 64 bits."""


class _Kept(NamedTuple):
    identity: str
    until: float
    origin: _Origin


class Seats:
    """The nicknames that are kept just now, the oldest first; for each identity the one it had last.

    The archive knows of these, and of those that are in use: after a restart all of them are kept.
    """

    def __init__(self, archive: Archive, clock: Callable[[], float] = time.monotonic) -> None:
        self._archive = archive
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._key_of: dict[str, str] = {}
        self._kept_for: Counter[_Origin] = Counter()
        for seat in archive.seats():
            self._leave_last(seat.identity)
            self._keep(seat, None)

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def kept_for(self, key: str) -> str | None:
        """The identity that this nickname is kept for; None when it is free."""
        self._expire()
        kept = self._kept.get(key)
        return kept.identity if kept else None

    def take(self, seat: Seat) -> None:
        """Somebody is here under this nickname; one that was kept for them until now is free."""
        if last := self._key_of.get(seat.identity):
            self._forget(last)
            if last != seat.key:
                self._archive.leave_seat(last)
        self._archive.take_seat(seat)

    def keep(self, seat: Seat, address: str | None) -> None:
        """Somebody at this address has dropped out: the nickname is kept for them, unless too many are."""
        self._leave_last(seat.identity)
        self._expire()
        origin = _origin(address)
        if len(self._kept) < MAX_KEPT and self._kept_for[origin] < MAX_KEPT_FOR_ONE:
            self._keep(seat, origin)
        else:
            self._archive.leave_seat(seat.key)

    def leave(self, key: str) -> None:
        """Somebody has gone for good: the nickname is free."""
        self._forget(key)
        self._archive.leave_seat(key)

    def _leave_last(self, identity: str) -> None:
        if last := self._key_of.get(identity):
            self.leave(last)

    def _keep(self, seat: Seat, origin: _Origin) -> None:
        self._kept[seat.key] = _Kept(seat.identity, self._clock() + KEPT_SECONDS, origin)
        self._key_of[seat.identity] = seat.key
        self._kept_for[origin] += 1

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
            self._kept_for[kept.origin] -= 1
            if not self._kept_for[kept.origin]:
                del self._kept_for[kept.origin]


def _origin(address: str | None) -> IPv4Address | bytes:
    ip = ip_address(address or "::")  # those without one have to share
    if isinstance(ip, IPv6Address):
        return ip.ipv4_mapped or ip.packed[:8]
    return ip
