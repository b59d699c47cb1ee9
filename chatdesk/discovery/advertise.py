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
from chatdesk.discovery.announcement import AGAIN_SECONDS, say_again, service
from chatdesk.discovery.label import label_of
from chatdesk.discovery.local_name import LocalName
from chatdesk.discovery.multicast import Leg, Multicast, legs_of
from chatdesk.discovery.nameplate import Nameplate, register
from chatdesk.discovery.networks import own_networks
from chatdesk.ip import listens_on

_LOOK_SECONDS = 1.0
_AT_BYTES = 240  # a string has 255, with its key
_MOST_ADDRESSES = 4
_RUN = secrets.token_hex(4).encode()


class Advertiser:
    """Announces the chat that ``describe`` tells of, for as long as its context lasts, and says goodbye at its end.

    Each network hears the addresses that are good in it, of those that a server listens to which is bound to ``bind``.
    ``named`` is called with the name that the machine goes by, whenever that is another one; empty where it has none.
    """

    def __init__(self, describe: Callable[[], Advert], bind: str, named: Callable[[str], None]) -> None:
        self._describe, self._listening = describe, partial(listens_on, bind)
        self._local_name = LocalName(label_of(describe().name), named)
        self._nameplates: dict[Leg, Nameplate] = {}
        self._multicast = Multicast(self._announce, self._overhear, speaking=self._listening, answering=True)

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

    async def _announce(self, leg: Leg, zeroconf: AsyncZeroconf) -> None:
        """Announce in one network, and again whenever there is something else to say."""
        addresses = _told(leg.network.addresses)
        said, everywhere = self._describe(), self._everywhere()
        self._nameplates[leg] = nameplate = Nameplate(self._local_name, zeroconf, said.machine, addresses)
        try:
            await asyncio.gather(register(zeroconf, _service(said, addresses, everywhere)), nameplate.look_after(said))
            again = _now() + AGAIN_SECONDS
            while True:
                await asyncio.sleep(_LOOK_SECONDS)
                if (said, everywhere) != (now := (self._describe(), self._everywhere())):
                    said, everywhere = now
                    await (await zeroconf.async_update_service(_service(said, addresses, everywhere)))
                if _now() >= again:
                    again = _now() + AGAIN_SECONDS
                    say_again(zeroconf)
                await nameplate.look_after(said)
        finally:
            del self._nameplates[leg]

    def _overhear(self, leg: Leg, sender: str, message: DNSIncoming) -> None:
        if leg in self._nameplates:
            self._nameplates[leg].overhear(sender, message)

    def _everywhere(self) -> list[str]:
        """From where this machine announces the chat: who hears it in two networks knows that it is one."""
        return [leg.address for leg in legs_of([network.only(self._listening) for network in own_networks()])]


def _service(advert: Advert, addresses: Sequence[str], everywhere: list[str]) -> ServiceInfo:
    """The chat. Who has it known already learns from the run that it was started again."""
    text = {**advert.text(), b"run": _RUN, b"at": _cut(everywhere).encode()}
    return service(SERVICE, advert.instance, advert.port, text, advert.machine, addresses)


def _told(addresses: Sequence[str]) -> list[str]:
    """The first of each version of IP: all that is said of a chat is to fit into one packet."""
    of_each = ([address for address in addresses if (":" in address) == ipv6] for ipv6 in (False, True))
    return [address for these in of_each for address in these[:_MOST_ADDRESSES]]


def _cut(addresses: list[str]) -> str:
    """As many of the addresses as there is room for, each of them whole: a part of one is another."""
    text = ",".join(addresses)
    return text if len(text) <= _AT_BYTES else text[: _AT_BYTES + 1].rpartition(",")[0]


def _now() -> float:
    return asyncio.get_running_loop().time()
