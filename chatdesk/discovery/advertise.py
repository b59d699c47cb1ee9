"""Making a chat known in the networks that its host is in."""

import asyncio
import contextlib
import ipaddress
import secrets
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Self

from zeroconf import (  # type: ignore[attr-defined]  # resolvers are in its documentation, not in its __all__
    AddressResolverIPv4,
    AddressResolverIPv6,
    DNSQuestionType,
    ServiceInfo,
)
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.addresses import own_addresses
from chatdesk.discovery.advert import SERVICE, Advert
from chatdesk.discovery.multicast import Leg, Multicast
from chatdesk.discovery.networks import Network

_PAGE = "_http._tcp.local."
_LOOK_SECONDS = 1.0
_LISTEN_MS = 750
"""How long somebody has to say that a name is theirs."""
_RESOLVER = {4: AddressResolverIPv4, 6: AddressResolverIPv6}
_MOST_OF_A_NAME = 99
_RUN = secrets.token_hex(4).encode()


class Advertiser:
    """Announces the chat that ``describe`` tells of, for as long as its context lasts, and says goodbye at its end.

    Each network hears the addresses that are good in it, of those that a server listens to which is bound to ``bind``.
    ``named`` is called with each name that the machine goes by: the first one of its kind that nobody else has.
    """

    def __init__(self, describe: Callable[[], Advert], bind: str, named: Callable[[str], None]) -> None:
        self._describe, self._bind, self._named = describe, ipaddress.ip_address(bind), named
        self._label = describe().label
        if self._label == socket.gethostname().partition(".")[0].casefold():
            self._label += "-chat"  # the other name is the system's to announce
        self._number = 1
        self._announced: set[str] = set()
        named(self.local_name)
        self._multicast = Multicast(self._announce)

    @property
    def local_name(self) -> str:
        """What browsers find the chat by, such as ``robotics-workshop.local``."""
        return f"{self._label}{f'-{self._number}' if self._number > 1 else ''}.local"

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._multicast.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _announce(self, leg: Leg, zeroconf: AsyncZeroconf) -> None:
        """Announce in one network, and again whenever there is something else to say."""
        addresses = self._heard_addresses(leg.network)
        if not addresses:
            await asyncio.Event().wait()
        self._announced.update(addresses)
        said, name = self._describe(), ""
        await _register(zeroconf, _service(said, addresses))
        while True:
            if said != (now := self._describe()):
                said = now
                await (await zeroconf.async_update_service(_service(said, addresses)))
            if name and self._has_to_yield(zeroconf, name, addresses):
                self._take_another(name)
            if name != self.local_name:
                name = await self._go_by(name, said, addresses, zeroconf)
            await asyncio.sleep(_LOOK_SECONDS)

    def _heard_addresses(self, network: Network) -> list[str]:
        """Where the server listens in a network: all of the version that it is bound to, or that one address."""
        own = [ipaddress.ip_address(address) for address in network.addresses]
        if self._bind.is_unspecified:
            return [str(ip) for ip in own if ip.version == self._bind.version]
        return [str(ip) for ip in own if ip == self._bind]

    async def _go_by(self, old: str, advert: Advert, addresses: list[str], zeroconf: AsyncZeroconf) -> str:
        """Answer to the name that the machine has now, or to the next one that is free; the result is that name."""
        if old:
            await (await zeroconf.async_unregister_service(_page(old, advert, addresses)))
        while True:
            name = self.local_name
            asked = _RESOLVER[self._bind.version](f"{name}.")
            await asked.async_request(zeroconf.zeroconf, _LISTEN_MS, DNSQuestionType.QM)
            if not self._others(asked):
                break
            self._take_another(name)
        await _register(zeroconf, _page(name, advert, addresses))
        return name

    def _has_to_yield(self, zeroconf: AsyncZeroconf, name: str, addresses: list[str]) -> bool:
        """Whether somebody else goes by the name, too. Of the two, it is the one with the lower address who yields."""
        heard = _RESOLVER[self._bind.version](f"{name}.")
        heard.load_from_cache(zeroconf.zeroconf)
        return max(self._others(heard), default=b"") > max(
            ipaddress.ip_address(address).packed for address in addresses
        )

    def _others(self, name: ServiceInfo) -> set[bytes]:
        """The addresses, of those that a name leads to, which are not this machine's, nor were a moment ago."""
        heard = set(name.parsed_addresses()) - self._announced
        own = {address.partition("%")[0] for address in own_addresses()} if heard else set()
        return {ipaddress.ip_address(address).packed for address in heard - own}

    def _take_another(self, name: str) -> None:
        """Another name for this machine in all of its networks, unless it has one by now."""
        if name == self.local_name and self._number < _MOST_OF_A_NAME:
            self._number += 1
            self._named(self.local_name)


async def _register(zeroconf: AsyncZeroconf, service: ServiceInfo) -> None:
    """Announce at once: its name is nobody else's, or has been asked for already."""
    await (await zeroconf.async_register_service(service, cooperating_responders=True, strict=False))


def _service(advert: Advert, addresses: list[str]) -> ServiceInfo:
    """The chat. Who has it known already learns from the run that it was started again."""
    return ServiceInfo(
        SERVICE,
        advert.instance,
        advert.port,
        properties={**advert.text(), b"run": _RUN},
        server=advert.machine,
        parsed_addresses=addresses,
    )


def _page(name: str, advert: Advert, addresses: list[str]) -> ServiceInfo:
    """The page for browsers, which brings the name that they find it by."""
    instance = advert.instance.replace(SERVICE, _PAGE)
    return ServiceInfo(
        _PAGE, instance, advert.port, properties={b"path": b"/"}, server=f"{name}.", parsed_addresses=addresses
    )
