"""Finding the chats that announce themselves in the networks that this machine is in."""

import asyncio
import contextlib
import ipaddress
import logging
from collections.abc import Callable, Iterable
from itertools import chain
from types import TracebackType
from typing import NamedTuple, Self

from zeroconf import DNSQuestionType, Error, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from chatdesk.discovery.addresses import with_port
from chatdesk.discovery.advert import SERVICE, read_text
from chatdesk.discovery.found import FoundHost
from chatdesk.discovery.multicast import Leg, Multicast
from chatdesk.discovery.networks import Network, is_private
from chatdesk.discovery.pulse import Pulse

logger = logging.getLogger(__name__)

_MOST_HEARD = 256
_MOST_ADDRESSES = 8
_ASKED_AT_ONCE = 64
_DETAILS_MS = 1500
_OUTDATED_SECONDS = 1.5
"""After a change, what was said before counts for one more second."""
_GRACE_SECONDS = 3.0
_AGAIN_SECONDS = 10.0
"""After this long all are called again, for an announcement may have been lost; sooner when they were too many."""


class _Heard(NamedTuple):
    """What an advert comes down to: whose it is, where that would be, the best address first, and all it says."""

    server_id: str
    addresses: tuple[str, ...]
    text: bytes


class Browser:
    """Tells of the chats in the networks around, for as long as its context lasts.

    Only those are told of that answer at one of their addresses: whoever was heard of may have gone without a word.
    """

    def __init__(self, on_change: Callable[[list[FoundHost]], None]) -> None:
        self._on_change = on_change
        self._told: list[FoundHost] = []
        self._heard: dict[tuple[Leg, str], _Heard] = {}
        self._pulses: dict[str, tuple[Pulse, asyncio.Task[None]]] = {}
        self._learning = 0
        self._turn = asyncio.Semaphore(_ASKED_AT_ONCE)
        self._multicast = Multicast(self._listen)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._multicast.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await _end(self._task)
        asked = [task for _, task in self._pulses.values()]
        self._pulses.clear()
        await _end(*asked)

    # What is heard in one network

    async def _listen(self, leg: Leg, zeroconf: AsyncZeroconf) -> None:
        """Call out, and take note of who answers or announces something."""
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    await self._call(leg, zeroconf.zeroconf, group)
        finally:
            self._leave(leg)

    async def _call(self, leg: Leg, zeroconf: Zeroconf, group: asyncio.TaskGroup) -> None:
        """Call out once, and listen for a while. Everybody hears the answers: one to us might reach another program."""

        def note(
            zeroconf: Zeroconf,
            service_type: str,  # noqa: ARG001  # zeroconf names what it passes
            name: str,
            state_change: ServiceStateChange,
        ) -> None:
            if state_change is ServiceStateChange.Removed:
                self._forget(leg, name)
            elif self._learning < _MOST_HEARD:
                group.create_task(self._learn(leg, name, zeroconf))
            else:
                missed.set()

        missed = asyncio.Event()
        browser = AsyncServiceBrowser(zeroconf, SERVICE, [note], question_type=DNSQuestionType.QM)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(missed.wait(), _AGAIN_SECONDS)
                await asyncio.sleep(_OUTDATED_SECONDS)
        finally:
            await browser.async_cancel()

    async def _learn(self, leg: Leg, name: str, zeroconf: Zeroconf) -> None:
        """Find out where a service is and what it says of itself, and ask the host from now on."""
        self._learning += 1
        try:
            for wait in (0.0, _OUTDATED_SECONDS):
                await asyncio.sleep(wait)
                info = AsyncServiceInfo(SERVICE, name)
                await info.async_request(zeroconf, _DETAILS_MS, DNSQuestionType.QM)
                self._take(leg, name, info)
        except Error as error:
            logger.debug("What %r announces has a name that none can have (%s).", name, error)
        finally:
            self._learning -= 1

    def _take(self, leg: Leg, name: str, info: AsyncServiceInfo) -> None:
        advert = read_text(info.properties, info.port or 0)
        addresses = offered(info.parsed_addresses(), leg.network)
        if advert and addresses:
            where = tuple(with_port(address, advert.port) for address in addresses)
            self._remember(leg, name, _Heard(advert.server_id, where, info.text or b""))
        elif not self._answers(leg, name):
            logger.debug("What %r announces is no chat that can be reached.", name)
            self._forget(leg, name)

    def _remember(self, leg: Leg, name: str, heard: _Heard) -> None:
        """Ask the host from now on; at once where that is news."""
        before = self._heard.get((leg, name))
        if heard == before or (before is None and len(self._heard) >= _MOST_HEARD and not self._make_room()):
            return
        if before and before.server_id != heard.server_id:
            self._forget(leg, name)
        self._heard[leg, name] = heard
        self._follow(heard.server_id)

    def _answers(self, leg: Leg, name: str) -> bool:
        """Whether the host is there for sure: some packets get lost."""
        heard = self._heard.get((leg, name))
        return heard is not None and self._pulses[heard.server_id][0].found is not None

    def _make_room(self) -> bool:
        """Forget somebody who does not answer; False when all do."""
        found = {server_id for server_id, (pulse, _) in self._pulses.items() if pulse.found}
        silent = next((key for key, heard in self._heard.items() if heard.server_id not in found), None)
        if silent:
            self._forget(*silent)
        return silent is not None

    def _forget(self, leg: Leg, name: str) -> None:
        if heard := self._heard.pop((leg, name), None):
            self._follow(heard.server_id)

    def _leave(self, leg: Leg) -> None:
        """What was heard there counts no more; but who answers stays, until it could have been heard elsewhere."""
        for name in [name for where, name in self._heard if where == leg]:
            server_id = self._heard.pop((leg, name)).server_id
            asyncio.get_running_loop().call_later(_GRACE_SECONDS, self._follow, server_id)

    # Who is asked, and told of

    def _follow(self, server_id: str) -> None:
        """Ask a host at all addresses that were heard of, or no more when there is none."""
        heard = [heard.addresses for heard in self._heard.values() if heard.server_id == server_id]
        if heard:
            if server_id not in self._pulses:
                pulse = Pulse(server_id, self._turn, self._tell)
                self._pulses[server_id] = (pulse, asyncio.create_task(pulse.run()))
            self._pulses[server_id][0].hear(tuple(dict.fromkeys(chain(*heard))))
        elif server_id in self._pulses:
            _, task = self._pulses.pop(server_id)
            task.cancel()
            self._tell()

    def _tell(self) -> None:
        found = [pulse.found for pulse, _ in self._pulses.values() if pulse.found]
        found.sort(key=lambda host: (host.name.casefold(), host.server_id))
        if found != self._told:
            self._told = found
            self._on_change(list(found))


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def offered(addresses: Iterable[str], network: Network) -> list[str]:
    """Those of an advert's addresses that can be a neighbour's: in the network that it was heard in first.

    An advert is anybody's word. It leads nobody to this machine itself, out into the world, or to everybody at once.
    """
    sane = [address for address in addresses if network.contains(address) or is_private(address)]
    sane = [address for address in sane if not _is_nobody(address)]
    return sorted(sane, key=lambda address: (not network.contains(address), ":" in address))[:_MOST_ADDRESSES]


def _is_nobody(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    return ip.is_loopback or ip.is_multicast or ip.is_unspecified or (ip.version == 6 and ip.is_link_local)
