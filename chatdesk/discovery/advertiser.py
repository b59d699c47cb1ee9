"""Making a chat known in the networks that its host is in."""

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
from chatdesk.discovery.service_info import ANNOUNCE_SECONDS, announce_again, service_info
from chatdesk.ip import listens_on

_CHECK_SECONDS = 1.0
_AT_BYTES = 240  # a string has 255, with its key
_MAX_ADDRESSES = 4
_RUN_ID = secrets.token_hex(4).encode()


class Advertiser:
    """Announces the chat that ``describe`` tells of, for as long as its context lasts, and says goodbye at its end.

    Each network hears the addresses that are good in it, of those that a server listens to which is bound to ``bind``.
    ``named`` is called with the name that the machine goes by, whenever that is another one; empty where it has none.
    """

    def __init__(self, describe: Callable[[], Advert], bind: str, on_name: Callable[[str], None]) -> None:
        self._describe, self._listening = describe, partial(listens_on, bind)
        self._local_name = LocalName(dns_label(describe().name), on_name)
        self._registrations: dict[InterfaceBinding, NameRegistration] = {}
        self._multicast = Multicast(self._announce, self._handle_packet, may_speak=self._listening, answers=True)

    @property
    def local_name(self) -> str:
        """What browsers find the chat by, such as ``robotics-workshop.local``; empty where others leave it no name."""
        return self._local_name.text

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._multicast.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _announce(self, binding: InterfaceBinding, zeroconf: AsyncZeroconf) -> None:
        """Announce in one network, and again whenever there is something else to say."""
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
        """From where this machine announces the chat: who hears it in two networks knows that it is one."""
        return [
            binding.address
            for binding in interface_bindings([network.restricted_to(self._listening) for network in own_networks()])
        ]


def _service(advert: Advert, addresses: Sequence[str], all_addresses: list[str]) -> ServiceInfo:
    """The chat. Who has it known already learns from the run that it was started again."""
    text = {**advert.txt_record(), b"run": _RUN_ID, b"at": _joined_whole(all_addresses).encode()}
    return service_info(SERVICE, advert.instance, advert.port, text, advert.mdns_host, addresses)


def _advertised(addresses: Sequence[str]) -> list[str]:
    """The first of each version of IP: all that is said of a chat is to fit into one packet."""
    of_each = ([address for address in addresses if (":" in address) == ipv6] for ipv6 in (False, True))
    return [address for these in of_each for address in these[:_MAX_ADDRESSES]]


def _joined_whole(addresses: list[str]) -> str:
    """As many of the addresses as there is room for, each of them whole: a part of one is another."""
    text = ",".join(addresses)
    return text if len(text) <= _AT_BYTES else text[: _AT_BYTES + 1].rpartition(",")[0]


def _now() -> float:
    return asyncio.get_running_loop().time()
