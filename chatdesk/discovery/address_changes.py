"""Addresses of this machine that come or go while a server runs: each is told once, when it has stayed so."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, NamedTuple

from chatdesk.discovery.networks import Network, own_networks
from chatdesk.ip import listens_on

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_SETTLE_SECONDS = 2.0
"""What comes back within this time has not been away; twice as long for each time that an address was told of."""
_MOST_DOUBLINGS = 5


class AddressChange(NamedTuple):
    """``came`` and ``gone`` are addresses; ``there`` are all there are now, the best first."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    current: tuple[str, ...]


class AddressChanges:
    """Tells changes that last from others. ``known`` are the addresses at the beginning."""

    def __init__(self, known: Iterable[str], settle_seconds: float = _SETTLE_SECONDS) -> None:
        self._reported = list(known)
        self._settle_seconds = settle_seconds
        self._since: dict[str, float] = {}
        self._report_counts: Counter[str] = Counter()

    def update(self, current: Sequence[str], now: float) -> AddressChange:
        """What is to be told where these are the addresses at this moment, in seconds of a monotonic clock."""
        other = {*current} ^ {*self._reported}
        self._since = {address: self._since.get(address, now) for address in other}
        due = [address for address in other if now - self._since[address] >= self._settle_time(address)]
        added = tuple(address for address in current if address in due)
        removed = tuple(address for address in self._reported if address in due)
        self._reported = [address for address in (*self._reported, *added) if address not in removed]
        self._report_counts.update(due)
        return AddressChange(added, removed, tuple(current))

    def _settle_time(self, address: str) -> float:
        return self._settle_seconds * (1 << min(self._report_counts[address], _MOST_DOUBLINGS))


def watch_addresses(bind: str, notify: Callable[[AddressChange], None]) -> Coroutine[Any, Any, None]:
    """Tell of each address that a server gains or loses from now on that is bound to ``bind``, until cancelled."""
    return _watch(bind, AddressChanges(_served_addresses(bind, own_networks())), notify)


async def _watch(bind: str, changes: AddressChanges, notify: Callable[[AddressChange], None]) -> None:
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            change = changes.update(_served_addresses(bind, own_networks()), time.monotonic())
        except OSError as error:  # it is short of files or memory: there is a next time
            logger.warning("This system does not tell its addresses just now (%s).", error)
            continue
        if change.added or change.removed:
            notify(change)


def _served_addresses(bind: str, networks: Iterable[Network]) -> list[str]:
    return [address for network in networks for address in network.addresses if listens_on(bind, address)]
