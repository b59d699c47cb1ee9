"""The name that browsers find a host by, such as ``robotics-workshop.local``, where nobody else goes by it."""

import ipaddress
import socket
from collections.abc import Callable, Sequence

from zeroconf import (  # type: ignore[attr-defined]  # resolvers are in its documentation, not in its __all__
    AddressResolver,
    AddressResolverIPv4,
    AddressResolverIPv6,
    DNSQuestionType,
    ServiceInfo,
)
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.addresses import own_addresses
from chatdesk.discovery.advert import SERVICE, Advert

_PAGE = "_http._tcp.local."
_LISTEN_MS = 1600
"""How long somebody has to say that a name is theirs. Who said so a moment ago may wait for a second with it."""
_RESOLVER = {4: AddressResolverIPv4, 6: AddressResolverIPv6}
_MOST_OF_A_NAME = 99
_TRIES_AT_ONCE = 5
_DEFENCES = 3
_MOST_LOST = 3
"""So many names are given up that were in use. Who takes more means harm, and may have pages of the next ones ready."""


class LocalName:
    """One name for the machine on all of its networks: the first of its kind that is free on all of them.

    ``named`` is called with the one that it goes by, once that has been found to be free; empty while it has none.
    """

    def __init__(self, label: str, named: Callable[[str], None]) -> None:
        hostname = socket.gethostname().partition(".")[0].casefold()
        self._label = f"{label}-chat" if label == hostname else label  # the other one is the system's to announce
        self._number = 1
        self._lost = 0
        self._named = named
        self.announced: set[str] = set()
        """Addresses that it has led to, also those that this machine has no more: they may still be remembered."""

    @property
    def text(self) -> str:
        """The name as it is now, or is to be; empty where others leave it none."""
        if self._number > _MOST_OF_A_NAME or self._lost > _MOST_LOST:
            return ""
        return f"{self._label}{f'-{self._number}' if self._number > 1 else ''}.local"

    def take(self, name: str) -> bool:
        """It is free: go by it, unless it was passed over by now."""
        if name != self.text:
            return False
        self._named(name)
        return True

    def pass_over(self, name: str) -> None:
        """Somebody else had it first: try the next, unless that was done by now."""
        if name == self.text:
            self._number += 1
            self._named("")

    def give_up(self, name: str) -> None:
        """Somebody else has come to have it, too."""
        if name == self.text:
            self._number += 1
            self._lost += 1
            self._named("")


class Nameplate:
    """The name in one network, where it leads to these addresses."""

    def __init__(self, local_name: LocalName, zeroconf: AsyncZeroconf, addresses: Sequence[str]) -> None:
        self._local_name, self._zeroconf, self._addresses = local_name, zeroconf, addresses
        versions = {ipaddress.ip_address(address).version for address in addresses}
        self._resolver = AddressResolver if len(versions) > 1 else _RESOLVER[versions.pop()]
        self._shown: ServiceInfo | None = None
        self._defences = 0
        local_name.announced.update(addresses)

    async def look_after(self, advert: Advert) -> None:
        """Show the name, if it is free; defend it, or give it up, when another machine goes by it, too."""
        if self._shown and self._is_current(self._shown) and (rivals := self._rivals(self._local_name.text)):
            await self._dispute(self._shown, rivals)
        if self._shown is None or not self._is_current(self._shown):
            await self._show(advert)

    def _is_current(self, shown: ServiceInfo) -> bool:
        return shown.server == f"{self._local_name.text}."

    async def _dispute(self, shown: ServiceInfo, rivals: set[bytes]) -> None:
        """The lower address yields; but nobody argues for ever."""
        own = max(ipaddress.ip_address(address).packed for address in self._addresses)
        if max(rivals) > own or self._defences == _DEFENCES:
            self._local_name.give_up(self._local_name.text)
        else:
            self._defences += 1
            await (await self._zeroconf.async_update_service(shown))

    async def _show(self, advert: Advert) -> None:
        """Take down the old name, and put up the first free one of a few."""
        if self._shown:
            await (await self._zeroconf.async_unregister_service(self._shown))
            self._shown = None
        for _ in range(_TRIES_AT_ONCE):
            name = self._local_name.text
            if not name:
                return
            if await self._is_taken(name):
                self._local_name.pass_over(name)
            elif self._local_name.take(name):
                self._shown, self._defences = self._page(name, advert), 0
                await register(self._zeroconf, self._shown)
                return

    async def _is_taken(self, name: str) -> bool:
        await self._resolver(f"{name}.").async_request(self._zeroconf.zeroconf, _LISTEN_MS, DNSQuestionType.QM)
        return bool(self._rivals(name))

    def _rivals(self, name: str) -> set[bytes]:
        """The addresses that others have made known for a name."""
        heard = self._resolver(f"{name}.")
        heard.load_from_cache(self._zeroconf.zeroconf)
        others = set(heard.parsed_addresses()) - self._local_name.announced
        own = {address.partition("%")[0] for address in own_addresses()} if others else set()
        return {ipaddress.ip_address(address).packed for address in others - own}

    def _page(self, name: str, advert: Advert) -> ServiceInfo:
        """The page as a service of its own, which brings its name with it."""
        return ServiceInfo(
            _PAGE,
            advert.instance.replace(SERVICE, _PAGE),
            advert.port,
            properties={b"path": b"/"},
            server=f"{name}.",
            parsed_addresses=list(self._addresses),
        )


async def register(zeroconf: AsyncZeroconf, service: ServiceInfo) -> None:
    """Announce at once: its name is nobody else's, or has been asked for already."""
    await (await zeroconf.async_register_service(service, cooperating_responders=True, strict=False))
