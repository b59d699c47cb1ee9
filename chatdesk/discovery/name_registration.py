"""The host name in one network: probed for, announced, defended and given up as RFC 6762 requires."""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from zeroconf import DNSIncoming, ServiceInfo  # type: ignore[attr-defined]  # packets are not in its __all__
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.addresses import own_addresses
from chatdesk.discovery.advert import SERVICE, Advert
from chatdesk.discovery.local_name import LocalName
from chatdesk.discovery.name_probing import (
    RecordData,
    defence,
    is_address,
    is_any_query,
    is_chat_probe,
    outranks,
    probe,
    record_data,
    records_of,
)
from chatdesk.discovery.record_ttl import service_info

_PAGE = "_http._tcp.local."
_TRIES_AT_ONCE = 5
"""Names tried in a row before the network gets a rest."""
_PROBES = 3
"""RFC 6762, section 8.1: three probes before a name counts as free."""
_PROBE_SECONDS = 0.25
"""RFC 6762, section 8.1."""
_MAX_TIES = 3
"""After so many lost simultaneous probes the next name is tried."""
_TIE_SECONDS = 1.0
"""RFC 6762, section 8.2: the loser of a simultaneous probe waits one second."""
_DEFENCE_SECONDS = 0.2
"""The least time between two answers to probes; everybody hears each of them."""


@dataclass(slots=True)
class _Probing:
    """What has been received about a name while it is probed for."""

    is_taken: bool = False
    is_outranked: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class NameRegistration:
    """The name in one network, where it leads to these addresses. ``mdns_host`` is a name that no other machine has."""

    def __init__(
        self, local_name: LocalName, zeroconf: AsyncZeroconf, mdns_host: str, addresses: Sequence[str]
    ) -> None:
        self._local_name, self._zeroconf, self._mdns_host = local_name, zeroconf, mdns_host.lower()
        self._addresses, self._own = addresses, record_data(addresses)
        self._registered: ServiceInfo | None = None
        self._probing: _Probing | None = None
        self._is_contested = False
        self._defended_at = 0.0
        local_name.announced.update(addresses)

    async def maintain(self, advert: Advert) -> None:
        """Register the name if it is free; probe again, or release it, when another machine uses it too."""
        if self._registered and self._is_current and self._is_contested:
            await self._resolve_conflict(self._registered)
        if not self._is_current:
            await self._register_free_name(advert)

    def handle_packet(self, sender: str, message: DNSIncoming) -> None:
        """Evaluate a packet of the network, and defend the name against a probe."""
        if not self._local_name.text:
            return
        name = f"{self._local_name.text}."
        records = records_of(name, message)
        if is_chat_probe(message, self._mdns_host) and not self._foreign_data(records):
            return  # our own probe
        if records and message.is_response():
            self._check_claim(sender, records)
        elif records:
            self._check_probe(sender, message, records)
        for asked in (name, self._mdns_host):
            if is_any_query(message, asked):
                self._defend(asked)

    @property
    def _is_current(self) -> bool:
        return self._registered is not None and self._registered.server == f"{self._local_name.text}."

    # Packets of others

    def _check_claim(self, sender: str, records: Sequence[RecordData]) -> None:
        """A response claims the name: with other addresses, or from another program of this machine."""
        foreign = self._foreign_data(records)
        if self._local_name.is_in_use(self._local_name.text):
            contested = any(map(is_address, foreign))
        else:
            contested = bool(foreign) or _is_own(sender)
        if contested and self._probing:
            self._probing.is_taken = True
            self._probing.changed.set()
        elif contested:
            self._is_contested = True

    def _check_probe(self, sender: str, message: DNSIncoming, records: Sequence[RecordData]) -> None:
        """A probe asks for the name. The operating system of this machine may have it without asking twice.

        A reflector on this machine repeats probes into other networks: those carry no address of this network,
        and are not the system's.
        """
        foreign = self._foreign_data(records)
        is_of_system = not foreign and set(records) & set(self._own) and not is_chat_probe(message) and _is_own(sender)
        if is_of_system:
            self._local_name.release(self._local_name.text)
        elif self._probing and foreign and outranks(records, self._own):
            self._probing.is_outranked = True
        else:
            return
        if self._probing:
            self._probing.changed.set()

    def _foreign_data(self, records: Sequence[RecordData]) -> set[RecordData]:
        """The data that leads to another machine."""
        if foreign := set(records) - set(record_data(self._local_name.announced)):
            foreign -= set(record_data(map(_without_scope, own_addresses())))
        return foreign

    def _defend(self, name: str) -> None:
        """Answer that the name is in use, unless everybody has just heard it."""
        now = asyncio.get_running_loop().time()
        if self._is_current and now - self._defended_at >= _DEFENCE_SECONDS:
            self._defended_at = now
            self._zeroconf.zeroconf.async_send(defence(name, self._own))

    # Acting on them

    async def _resolve_conflict(self, registered: ServiceInfo) -> None:
        """Two machines use the name: probe again as if it were new, and release it if somebody answers."""
        self._is_contested = False
        if await self._is_free(name := self._local_name.text):
            await (await self._zeroconf.async_update_service(registered))
        else:
            self._local_name.release(name)

    async def _register_free_name(self, advert: Advert) -> None:
        """Unregister the old name, and register the first free one of a few."""
        if self._registered:
            await (await self._zeroconf.async_unregister_service(self._registered))
            self._registered = None
        for _ in range(_TRIES_AT_ONCE):
            name = self._local_name.text
            if not name:
                return
            if not await self._is_free(name):
                self._local_name.skip(name)
            elif self._local_name.acquire(name):
                self._registered, self._is_contested = self._page_service(name, advert), False
                await register(self._zeroconf, self._registered)
                return

    async def _is_free(self, name: str) -> bool:
        """Probe for the name. A simultaneous probe that wins may be withdrawn again: wait, and try once more."""
        await asyncio.sleep(random.uniform(0, _PROBE_SECONDS))  # hosts that start together do not probe together
        try:
            for _ in range(_MAX_TIES):
                self._probing = probing = _Probing()
                if await self._send_probes(name, probing):
                    return not probing.is_taken and name == self._local_name.text
                await asyncio.sleep(_TIE_SECONDS)
        finally:
            self._probing = None
        return False

    async def _send_probes(self, name: str, probing: _Probing) -> bool:
        """Send three probes; return False as soon as another probe wins."""
        for _ in range(_PROBES):
            self._zeroconf.zeroconf.async_send(probe(f"{name}.", self._mdns_host, self._own))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(probing.changed.wait(), _PROBE_SECONDS)
                return not probing.is_outranked
        return True

    def _page_service(self, name: str, advert: Advert) -> ServiceInfo:
        """The page as a service of its own, which carries the name."""
        instance = advert.instance.replace(SERVICE, _PAGE)
        return service_info(_PAGE, instance, advert.port, {b"path": b"/"}, f"{name}.", self._addresses)


def _is_own(sender: str) -> bool:
    return _without_scope(sender) in map(_without_scope, own_addresses())


def _without_scope(address: str) -> str:
    return address.partition("%")[0]


async def register(zeroconf: AsyncZeroconf, info: ServiceInfo) -> None:
    """Register at once: the name is unique, or was probed for already."""
    await (await zeroconf.async_register_service(info, cooperating_responders=True, strict=False))
