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
_LASTING_SECONDS = 2.0
"""What comes back within this time has not been away; twice as long for each time that an address was told of."""
_MOST_DOUBLINGS = 5


class Change(NamedTuple):
    """``came`` and ``gone`` are addresses; ``there`` are all there are now, the best first."""

    came: tuple[str, ...]
    gone: tuple[str, ...]
    there: tuple[str, ...]


class AddressChanges:
    """Tells changes that last from others. ``known`` are the addresses at the beginning."""

    def __init__(self, known: Iterable[str], lasting: float = _LASTING_SECONDS) -> None:
        self._told = list(known)
        self._lasting = lasting
        self._since: dict[str, float] = {}
        self._times: Counter[str] = Counter()

    def look(self, there: Sequence[str], now: float) -> Change:
        """What is to be told where these are the addresses at this moment, in seconds of a monotonic clock."""
        other = {*there} ^ {*self._told}
        self._since = {address: self._since.get(address, now) for address in other}
        due = [address for address in other if now - self._since[address] >= self._patience(address)]
        came = tuple(address for address in there if address in due)
        gone = tuple(address for address in self._told if address in due)
        self._told = [address for address in (*self._told, *came) if address not in gone]
        self._times.update(due)
        return Change(came, gone, tuple(there))

    def _patience(self, address: str) -> float:
        return self._lasting * (1 << min(self._times[address], _MOST_DOUBLINGS))


def follow_addresses(bind: str, tell: Callable[[Change], None]) -> Coroutine[Any, Any, None]:
    """Tell of each address that a server gains or loses from now on that is bound to ``bind``, until cancelled."""
    return _follow(bind, AddressChanges(_listened_on(bind, own_networks())), tell)


async def _follow(bind: str, changes: AddressChanges, tell: Callable[[Change], None]) -> None:
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            change = changes.look(_listened_on(bind, own_networks()), time.monotonic())
        except OSError as error:  # it is short of files or memory: there is a next time
            logger.warning("This system does not tell its addresses just now (%s).", error)
            continue
        if change.came or change.gone:
            tell(change)


def _listened_on(bind: str, networks: Iterable[Network]) -> list[str]:
    return [address for network in networks for address in network.addresses if listens_on(bind, address)]
