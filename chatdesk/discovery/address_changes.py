"""Reports addresses that this machine gains or loses while a server runs, once each, when the change has lasted."""

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
"""Reading the addresses takes a few milliseconds; nobody notices a delay of a second."""
_SETTLE_SECONDS = 2.0
"""A shorter absence is none: Wi-Fi roams and DHCP renews within this time. It doubles with each report of an address.
"""
_MAX_DOUBLINGS = 5
"""An address that flickers without end is reported about once a minute."""


class AddressChange(NamedTuple):
    """``added`` and ``removed`` are addresses; ``current`` are all there are now, the best first."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    current: tuple[str, ...]


class AddressChanges:
    """Filters changes that last. ``known`` are the addresses at the beginning."""

    def __init__(self, known: Iterable[str], settle_seconds: float = _SETTLE_SECONDS) -> None:
        self._reported = list(known)
        self._settle_seconds = settle_seconds
        self._since: dict[str, float] = {}
        self._report_counts: Counter[str] = Counter()

    def update(self, current: Sequence[str], now: float) -> AddressChange:
        """Return the changes to report at the time ``now``, in seconds of a monotonic clock."""
        other = {*current} ^ {*self._reported}
        self._since = {address: self._since.get(address, now) for address in other}
        due = [address for address in other if now - self._since[address] >= self._settle_time(address)]
        added = tuple(address for address in current if address in due)
        removed = tuple(address for address in self._reported if address in due)
        self._reported = [address for address in (*self._reported, *added) if address not in removed]
        self._report_counts.update(due)
        return AddressChange(added, removed, tuple(current))

    def _settle_time(self, address: str) -> float:
        return self._settle_seconds * (1 << min(self._report_counts[address], _MAX_DOUBLINGS))


def watch_addresses(bind: str, notify: Callable[[AddressChange], None]) -> Coroutine[Any, Any, None]:
    """Call ``notify`` with each change of the addresses of a server that is bound to ``bind``, until cancelled."""
    return _watch(bind, AddressChanges(_served_addresses(bind, own_networks())), notify)


async def _watch(bind: str, changes: AddressChanges, notify: Callable[[AddressChange], None]) -> None:
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            change = changes.update(_served_addresses(bind, own_networks()), time.monotonic())
        except OSError as error:  # out of file descriptors or memory: try again
            logger.warning("This system does not tell its addresses just now (%s).", error)
            continue
        if change.added or change.removed:
            notify(change)


def _served_addresses(bind: str, networks: Iterable[Network]) -> list[str]:
    return [address for network in networks for address in network.addresses if listens_on(bind, address)]
