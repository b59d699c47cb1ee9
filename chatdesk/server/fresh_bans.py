"""Bans of a moment ago: whoever is new and comes from where somebody was banned waits for approval meanwhile.

Somebody who is banned can come back at once under another name, and nobody can tell. Their address alone is never
banned for that, as a whole class may stand behind it: for a while, people decide.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

FRESH_SECONDS = 600.0
"""How long a ban is fresh: who is sent away is sent away again for as long."""
_OF_THE_HOST = frozenset({"127.0.0.1", "::1"})
"""The host's own computer, and a proxy there that is not trusted: everybody comes from there, or nobody else."""


class FreshBans:
    """By networks, as ``network_of`` has them. ``on_end`` is called when a ban is fresh no longer."""

    def __init__(self) -> None:
        self.on_end: Callable[[], None] = lambda: None
        self._networks: dict[str, frozenset[str]] = {}
        """By the identity that is banned."""
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def note(self, identity: str, networks: Iterable[str]) -> None:
        """Somebody was banned who was here from these networks."""
        self.end(identity)
        if found := frozenset(networks) - _OF_THE_HOST:
            self._networks[identity] = found
            self._timers[identity] = asyncio.get_running_loop().call_later(FRESH_SECONDS, self.end, identity)

    def end(self, identity: str) -> None:
        """The ban is over, or was a while ago."""
        if timer := self._timers.pop(identity, None):
            timer.cancel()
        if self._networks.pop(identity, None):
            self.on_end()

    def concern(self, network: str) -> bool:
        """Whether somebody who came from this network was banned a moment ago."""
        return any(network in networks for networks in self._networks.values())

    def close(self) -> None:
        """Count nothing down any more."""
        for timer in self._timers.values():
            timer.cancel()
