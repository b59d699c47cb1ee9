"""Multicast DNS in each network that this machine is in, each for itself, while networks come and go."""

import asyncio
import contextlib
import errno
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple, cast

from zeroconf import DNSIncoming, Error, IPVersion  # type: ignore[attr-defined]  # packets are not in its __all__
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.networks import Kind, Network
from chatdesk.discovery.packets import can_be_repeated
from chatdesk.discovery.watch import NetworkWatch

logger = logging.getLogger(__name__)

_MOST_NETWORKS = 8
_AGAIN_SECONDS = 5.0
_VERSIONS = {4: IPVersion.V4Only, 6: IPVersion.V6Only}

logging.getLogger("zeroconf").setLevel(logging.CRITICAL)  # what matters of it for people is told from here


class Leg(NamedTuple):
    """With what this machine stands in a network: one of its interfaces, in one version of IP."""

    network: Network
    version: int

    @property
    def address(self) -> str:
        """The address that speaks there."""
        return next(address for address in self.network.addresses if _version(address) == self.version)


def legs_of(networks: list[Network]) -> list[Leg]:
    """Where this machine speaks: in all of its networks, unless these are very many, in each version of IP."""
    versions = ((network, sorted(set(map(_version, network.addresses)))) for network in networks[:_MOST_NETWORKS])
    return [Leg(network, version) for network, own in versions for version in own]


Visit = Callable[[Leg, AsyncZeroconf], Awaitable[None]]
"""What is done in a network, until cancelled: its leg is gone, or the program ends."""

Hear = Callable[[Leg, str, DNSIncoming], None]
"""Who takes what is heard in a network from an address in it."""


class Multicast:
    """Visits every network, from the moment this machine is in it to the moment it is not.

    Each has a zeroconf of its own: one for all of them would give people here the addresses that are good there. Where
    there can be none, because another program keeps its port to itself or the network has no multicast, the program
    goes on without, and it is tried again. It speaks from the addresses that may be ``speaking``, all by default.
    Zeroconf itself hears and answers only where it is ``answering``.
    """

    def __init__(
        self, visit: Visit, hear: Hear, *, speaking: Callable[[str], bool] | None = None, answering: bool = False
    ) -> None:
        self._visit, self._hear, self._answering = visit, hear, answering
        self._speaking = speaking or (lambda _address: True)
        self._visits: dict[Leg, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._problems: set[str] = set()

    @property
    def networks(self) -> set[Network]:
        """Those that are visited, or are to be."""
        return {leg.network for leg in self._visits}

    async def run(self) -> None:
        """Visit until cancelled; all visits have ended by then."""
        try:
            await NetworkWatch(self._follow).run()
        finally:
            for visit in self._visits.values():
                visit.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _follow(self, networks: list[Network]) -> None:
        legs = legs_of([network.only(self._speaking) for network in networks])
        for leg in [leg for leg in self._visits if leg not in legs]:
            self._visits.pop(leg).cancel()
        for leg in legs:
            if leg not in self._visits:
                self._visits[leg] = visit = asyncio.create_task(self._stay(leg))
                self._tasks.add(visit)
                visit.add_done_callback(self._end)

    def _end(self, visit: asyncio.Task[None]) -> None:
        self._tasks.discard(visit)
        if not visit.cancelled():
            logger.error("In one of the networks no chats can be announced or found.", exc_info=visit.exception())

    async def _stay(self, leg: Leg) -> None:
        while True:
            try:
                async with _zeroconf(leg, self._hear, self._answering) as zeroconf:
                    await self._visit(leg, zeroconf)
            except (OSError, RuntimeError, Error) as error:
                self._tell(leg, f"No chats can be announced or found at {leg.address} ({_reason(error)}).")
            await asyncio.sleep(_AGAIN_SECONDS)

    def _tell(self, leg: Leg, problem: str) -> None:
        """Log it once, for it may last. Where nobody sits at the other end anyway it is no warning."""
        expected = problem in self._problems or leg.network.kind in (Kind.VPN, Kind.VIRTUAL)
        logger.log(logging.DEBUG if expected else logging.WARNING, "%s", problem)
        self._problems.add(problem)


@contextlib.asynccontextmanager
async def _zeroconf(leg: Leg, hear: Hear, answering: bool) -> AsyncIterator[AsyncZeroconf]:
    """A zeroconf that hears and speaks in this network alone. Raises OSError or RuntimeError where none can."""
    zeroconf = AsyncZeroconf(interfaces=[leg.address], ip_version=_VERSIONS[leg.version])
    try:
        await zeroconf.zeroconf.async_wait_for_start()
        if not zeroconf.zeroconf.engine.senders:
            raise OSError("the address cannot be used yet")
        _hear_only_neighbours(zeroconf, leg, hear, answering)
        yield zeroconf
    finally:
        await zeroconf.async_close()


def _hear_only_neighbours(zeroconf: AsyncZeroconf, leg: Leg, hear: Hear, answering: bool) -> None:
    """Put a filter before what it listens to. Other networks are heard, too: the system gives a socket what comes in
    through any interface, once some other socket has asked for it there, and an answer would tell the wrong addresses.
    """
    index = zeroconf.zeroconf.engine.senders[0].multicast_index
    for reader in zeroconf.zeroconf.engine.readers:
        listener = cast(asyncio.DatagramProtocol, reader.transport.get_protocol())
        reader.transport.set_protocol(_Neighbours(listener, leg, index, hear, answering))


class _Neighbours(asyncio.DatagramProtocol):
    """Hands on only what comes from an address in the network itself, and what can be repeated by who listens."""

    def __init__(self, listener: asyncio.DatagramProtocol, leg: Leg, index: int, hear: Hear, answering: bool) -> None:
        self._listener, self._leg, self._index = listener, leg, index
        self._hear, self._answering = hear, answering

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """A link-local sender's is told by the interface that it came through."""
        scope = addr[3] if len(addr) > 2 else 0
        if not (scope == self._index if scope else self._leg.network.contains(addr[0])):
            return
        message = DNSIncoming(data)
        self._hear(self._leg, addr[0], message)
        if self._answering and can_be_repeated(message):
            self._listener.datagram_received(data, addr)

    def error_received(self, exc: Exception) -> None:
        """Nothing to sort out here."""
        self._listener.error_received(exc)

    def connection_lost(self, exc: Exception | None) -> None:
        """The same."""
        self._listener.connection_lost(exc)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "another program keeps port 5353 to itself; if that is Avahi, set disallow-other-stacks=no"
    return ((isinstance(error, OSError) and error.strerror) or str(error)).lower()


def _version(address: str) -> int:
    return 6 if ":" in address else 4
