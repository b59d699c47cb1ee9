"""The name of the machine in one network: claimed, shown, defended and given up as RFC 6762 asks."""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from zeroconf import DNSIncoming, ServiceInfo  # type: ignore[attr-defined]  # packets are not in its __all__
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.addresses import own_addresses
from chatdesk.discovery.advert import SERVICE, Advert
from chatdesk.discovery.announcement import service
from chatdesk.discovery.claim import (
    Data,
    asks_for_all,
    data_for,
    defence,
    is_address,
    is_probe_of_a_chat,
    outranks,
    probe,
    said_of,
)
from chatdesk.discovery.local_name import LocalName

_PAGE = "_http._tcp.local."
_TRIES_AT_ONCE = 5
_PROBES = 3
_PROBE_SECONDS = 0.25
_MOST_TIES = 3
_TIE_SECONDS = 1.0
_DEFENCE_SECONDS = 0.2
"""Between two answers to those who ask whether the name is free; all of them hear each."""


@dataclass(slots=True)
class _Probing:
    """What is heard of a name while it is asked for."""

    is_taken: bool = False
    is_outranked: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Nameplate:
    """The name in one network, where it leads to these addresses. ``machine`` is a name that no other machine has."""

    def __init__(self, local_name: LocalName, zeroconf: AsyncZeroconf, machine: str, addresses: Sequence[str]) -> None:
        self._local_name, self._zeroconf, self._machine = local_name, zeroconf, machine.lower()
        self._addresses, self._own = addresses, data_for(addresses)
        self._shown: ServiceInfo | None = None
        self._probing: _Probing | None = None
        self._is_contested = False
        self._defended = 0.0
        local_name.announced.update(addresses)

    async def look_after(self, advert: Advert) -> None:
        """Show the name, if it is free; make sure of it again, or give it up, when another machine goes by it, too."""
        if self._shown and self._is_current and self._is_contested:
            await self._settle(self._shown)
        if not self._is_current:
            await self._show(advert)

    def overhear(self, sender: str, message: DNSIncoming) -> None:
        """Take in what somebody in the network says, and answer who asks whether the name is free."""
        if not self._local_name.text:
            return
        name = f"{self._local_name.text}."
        said = said_of(name, message)
        if is_probe_of_a_chat(message, self._machine) and not self._others(said):
            return  # it is our own voice
        if said and message.is_response():
            self._weigh_claim(sender, said)
        elif said:
            self._weigh_probe(sender, message, said)
        for asked in (name, self._machine):
            if asks_for_all(message, asked):
                self._defend(asked)

    @property
    def _is_current(self) -> bool:
        return self._shown is not None and self._shown.server == f"{self._local_name.text}."

    # What others say

    def _weigh_claim(self, sender: str, said: Sequence[Data]) -> None:
        """Somebody says that the name is theirs: with other addresses, or from another program of this machine."""
        others = self._others(said)
        if self._local_name.is_taken(self._local_name.text):
            contested = any(map(is_address, others))
        else:
            contested = bool(others) or _is_own(sender)
        if contested and self._probing:
            self._probing.is_taken = True
            self._probing.news.set()
        elif contested:
            self._is_contested = True

    def _weigh_probe(self, sender: str, message: DNSIncoming, said: Sequence[Data]) -> None:
        """Somebody would like to have the name. This machine's own system has it, and need not ask twice.

        What a reflector on this machine repeats into a network is no wish of the system: it has no address of that.
        """
        others = self._others(said)
        is_systems = not others and set(said) & set(self._own) and not is_probe_of_a_chat(message) and _is_own(sender)
        if is_systems:
            self._local_name.give_up(self._local_name.text)
        elif self._probing and others and outranks(said, self._own):
            self._probing.is_outranked = True
        else:
            return
        if self._probing:
            self._probing.news.set()

    def _others(self, said: Sequence[Data]) -> set[Data]:
        """What of it leads to another machine."""
        if others := set(said) - set(data_for(self._local_name.announced)):
            others -= set(data_for(map(_without_scope, own_addresses())))
        return others

    def _defend(self, name: str) -> None:
        """Say whose the name is, unless everybody has just heard it."""
        now = asyncio.get_running_loop().time()
        if self._is_current and now - self._defended >= _DEFENCE_SECONDS:
            self._defended = now
            self._zeroconf.zeroconf.async_send(defence(name, self._own))

    # What is done about it

    async def _settle(self, shown: ServiceInfo) -> None:
        """Two go by one name: ask again, as if it were a new one. Who is answered gives it up."""
        self._is_contested = False
        if await self._is_free(name := self._local_name.text):
            await (await self._zeroconf.async_update_service(shown))
        else:
            self._local_name.give_up(name)

    async def _show(self, advert: Advert) -> None:
        """Take down the old name, and put up the first free one of a few."""
        if self._shown:
            await (await self._zeroconf.async_unregister_service(self._shown))
            self._shown = None
        for _ in range(_TRIES_AT_ONCE):
            name = self._local_name.text
            if not name:
                return
            if not await self._is_free(name):
                self._local_name.pass_over(name)
            elif self._local_name.take(name):
                self._shown, self._is_contested = self._page(name, advert), False
                await register(self._zeroconf, self._shown)
                return

    async def _is_free(self, name: str) -> bool:
        """Ask everybody. Who asks for it at the same time, and comes first, may go away again: wait for that."""
        await asyncio.sleep(random.uniform(0, _PROBE_SECONDS))  # not all of a room ask at once
        try:
            for _ in range(_MOST_TIES):
                self._probing = probing = _Probing()
                if await self._ask(name, probing):
                    return not probing.is_taken and name == self._local_name.text
                await asyncio.sleep(_TIE_SECONDS)
        finally:
            self._probing = None
        return False

    async def _ask(self, name: str, probing: _Probing) -> bool:
        """Three questions; False as soon as somebody comes first who asks for it, too."""
        for _ in range(_PROBES):
            self._zeroconf.zeroconf.async_send(probe(f"{name}.", self._machine, self._own))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(probing.news.wait(), _PROBE_SECONDS)
                return not probing.is_outranked
        return True

    def _page(self, name: str, advert: Advert) -> ServiceInfo:
        """The page as a service of its own, which brings its name with it."""
        instance = advert.instance.replace(SERVICE, _PAGE)
        return service(_PAGE, instance, advert.port, {b"path": b"/"}, f"{name}.", self._addresses)


def _is_own(sender: str) -> bool:
    return _without_scope(sender) in map(_without_scope, own_addresses())


def _without_scope(address: str) -> str:
    return address.partition("%")[0]


async def register(zeroconf: AsyncZeroconf, info: ServiceInfo) -> None:
    """Announce at once: its name is nobody else's, or has been asked for already."""
    await (await zeroconf.async_register_service(info, cooperating_responders=True, strict=False))
