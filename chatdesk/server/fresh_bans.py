"""Bans of a moment ago: a newcomer from where somebody was banned waits for approval meanwhile.

Somebody who is banned can come back at once under another name, and nobody can tell. Their address alone is never
banned for that, as a whole class may stand behind it: for a while, people decide.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from time import time

from msgspec import Struct

FRESH_SECONDS = 600.0
"""How long a ban is fresh: who is sent away is sent away again for as long."""
_OF_THE_HOST = frozenset({"127.0.0.1", "::1"})
"""The host's own computer, and a proxy there that is not trusted: everybody comes from there, or nobody else."""


class FreshBan(Struct, array_like=True, frozen=True):
    """Somebody was banned who was here from these networks; without any, the ban was undone.

    ``at`` is when, in milliseconds since 1970.
    """

    identity: str
    networks: tuple[str, ...]
    at: int

    @property
    def left(self) -> float:
        """For how many more seconds it is fresh, by the clock of this node."""
        return FRESH_SECONDS - max(0.0, time() - self.at / 1000)


class FreshBans:
    """By networks, as ``network_of`` has them. ``on_end`` is called when a ban is fresh no longer.

    Nodes tell each other of them: where the ban is followed, nobody may know any more from where the person was there.
    ``on_news`` is called when others have to hear of one.
    """

    def __init__(self) -> None:
        self.on_end: Callable[[], None] = lambda: None
        self.on_news: Callable[[], None] = lambda: None
        self._bans: dict[str, FreshBan] = {}
        """By the identity that is banned."""
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def note(self, identity: str, networks: Iterable[str]) -> None:
        """Somebody was banned who was here from these networks."""
        if found := frozenset(networks) - _OF_THE_HOST:
            self.hear(FreshBan(identity, tuple(sorted(found)), self._now(identity)))

    def end(self, identity: str) -> None:
        """The ban is undone."""
        if identity in self._bans:
            self.hear(FreshBan(identity, (), self._now(identity)))

    def recent(self) -> list[FreshBan]:
        """Return those that are fresh, or were undone since."""
        return list(self._bans.values())

    def hear(self, ban: FreshBan) -> None:
        """It is known here from now on. Of a ban and what undoes it the later one holds."""
        known = self._bans.get(ban.identity)
        if known and known.networks and ban.networks:
            networks = tuple(sorted({*known.networks, *ban.networks}))
            ban = FreshBan(ban.identity, networks, max(known.at, ban.at))
        elif known and known.at >= ban.at:
            return
        if ban != known and ban.left > 0:
            self._keep(ban)

    def concern(self, network: str) -> bool:
        """Whether somebody who came from this network was banned a moment ago."""
        return any(network in ban.networks for ban in self._bans.values())

    def close(self) -> None:
        """Count nothing down any more."""
        for timer in self._timers.values():
            timer.cancel()

    def _keep(self, ban: FreshBan) -> None:
        self._forget(ban.identity)
        self._bans[ban.identity] = ban
        loop = asyncio.get_running_loop()
        self._timers[ban.identity] = loop.call_later(ban.left, self._end_freshness, ban.identity)
        if not ban.networks:
            self.on_end()
        self.on_news()

    def _forget(self, identity: str) -> None:
        self._bans.pop(identity, None)
        if timer := self._timers.pop(identity, None):
            timer.cancel()

    def _end_freshness(self, identity: str) -> None:
        self._forget(identity)
        self.on_end()

    def _now(self, identity: str) -> int:
        """The time, but later than that of what is known, whatever the clocks of other nodes say."""
        known = self._bans.get(identity)
        return max(int(time() * 1000), known.at + 1 if known else 0)
