"""Announces a chat by multicast DNS in the networks that its host is in."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Self

from zeroconf import DNSIncoming, ServiceInfo  # type: ignore[attr-defined]  # packets are not in its __all__
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.advert import SERVICE, Advert
from chatdesk.discovery.dns_label import dns_label
from chatdesk.discovery.local_name import LocalName
from chatdesk.discovery.multicast import InterfaceBinding, Multicast, interface_bindings
from chatdesk.discovery.name_registration import NameRegistration, register
from chatdesk.discovery.networks import own_networks
from chatdesk.discovery.record_ttl import ANNOUNCE_SECONDS, announce_again, service_info
from chatdesk.ip import listens_on

_CHECK_SECONDS = 1.0
"""How often the number of people and the addresses are compared with what was announced."""
_AT_BYTES = 240  # a string has 255, with its key
_MAX_ADDRESSES = 4
"""Of each IP version; the announcement has to fit into one packet."""
_RUN_ID = secrets.token_hex(4).encode()
"""Tells listeners that the server was restarted."""


class Advertiser:
    """Announces the chat that ``describe`` returns while its context lasts, and sends a goodbye at the end.

    In each network the addresses of that network are announced, as far as a server bound to ``bind`` listens on
    them. ``on_name`` is called with the host name whenever it changes; empty when there is none.
    """

    def __init__(self, describe: Callable[[], Advert], bind: str, on_name: Callable[[str], None]) -> None:
        self._describe, self._listens_on = describe, partial(listens_on, bind)
        self._local_name = LocalName(dns_label(describe().name), on_name)
        self._registrations: dict[InterfaceBinding, NameRegistration] = {}
        self._multicast = Multicast(self._announce, self._handle_packet, may_speak=self._listens_on, answers=True)

    @property
    def local_name(self) -> str:
        """The name that browsers find the chat by, such as ``robotics-workshop.local``; empty if all are taken."""
        return self._local_name.text

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._multicast.run())
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _announce(self, binding: InterfaceBinding, zeroconf: AsyncZeroconf) -> None:
        """Announce in one network, and again whenever the advert changes."""
        addresses = _advertised(binding.network.addresses)
        advert, all_addresses = self._describe(), self._all_addresses()
        self._registrations[binding] = registration = NameRegistration(
            self._local_name, zeroconf, advert.mdns_host, addresses
        )
        try:
            await asyncio.gather(
                register(zeroconf, _service(advert, addresses, all_addresses)), registration.maintain(advert)
            )
            next_announcement = _now() + ANNOUNCE_SECONDS
            while True:
                await asyncio.sleep(_CHECK_SECONDS)
                if (advert, all_addresses) != (now := (self._describe(), self._all_addresses())):
                    advert, all_addresses = now
                    await (await zeroconf.async_update_service(_service(advert, addresses, all_addresses)))
                if _now() >= next_announcement:
                    next_announcement = _now() + ANNOUNCE_SECONDS
                    announce_again(zeroconf)
                await registration.maintain(advert)
        finally:
            del self._registrations[binding]

    def _handle_packet(self, binding: InterfaceBinding, sender: str, message: DNSIncoming) -> None:
        if binding in self._registrations:
            self._registrations[binding].handle_packet(sender, message)

    def _all_addresses(self) -> list[str]:
        """All addresses from which this machine announces: a listener in two networks recognizes one host by them."""
        return [
            binding.address
            for binding in interface_bindings([network.restricted_to(self._listens_on) for network in own_networks()])
        ]


def _service(advert: Advert, addresses: Sequence[str], all_addresses: list[str]) -> ServiceInfo:
    """The service info of the chat. A listener that knows the chat learns from the run id that it was restarted."""
    text = {**advert.txt_record(), b"run": _RUN_ID, b"at": _join_fitting(all_addresses).encode()}
    return service_info(SERVICE, advert.instance, advert.port, text, advert.mdns_host, addresses)


def _advertised(addresses: Sequence[str]) -> list[str]:
    """The first addresses of each IP version: the announcement has to fit into one packet."""
    by_version = ([address for address in addresses if (":" in address) == ipv6] for ipv6 in (False, True))
    return [address for group in by_version for address in group[:_MAX_ADDRESSES]]


def _join_fitting(addresses: list[str]) -> str:
    """As many of the addresses as fit into the TXT string, none of them cut: a part of an address is another one."""
    text = ",".join(addresses)
    return text if len(text) <= _AT_BYTES else text[: _AT_BYTES + 1].rpartition(",")[0]


def _now() -> float:
    return asyncio.get_running_loop().time()
