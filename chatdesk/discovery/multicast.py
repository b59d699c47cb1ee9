"""Multicast DNS in each network that this machine is in, separately, while networks come and go."""

import asyncio
import contextlib
import errno
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple, cast

from zeroconf import DNSIncoming, Error, IPVersion  # type: ignore[attr-defined]  # packets are not in its __all__
from zeroconf.asyncio import AsyncZeroconf

from chatdesk.discovery.network_watch import NetworkWatch
from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.discovery.packets import has_valid_names

logger = logging.getLogger(__name__)

_MAX_NETWORKS = 8
"""More interfaces than computers of people have; each costs a socket and a task."""
_RETRY_SECONDS = 5.0
"""A program that holds the port may end at any time."""
_VERSIONS = {4: IPVersion.V4Only, 6: IPVersion.V6Only}

logging.getLogger("zeroconf").setLevel(logging.CRITICAL)  # what matters of it for people is told from here


class InterfaceBinding(NamedTuple):
    """One network interface of this machine, in one IP version."""

    network: Network
    version: int

    @property
    def address(self) -> str:
        """The address that sends there."""
        return next(address for address in self.network.addresses if _version(address) == self.version)


def interface_bindings(networks: list[Network]) -> list[InterfaceBinding]:
    """Return where to send and listen: all networks up to a limit, in each of their IP versions."""
    versions = ((network, sorted(set(map(_version, network.addresses)))) for network in networks[:_MAX_NETWORKS])
    return [InterfaceBinding(network, version) for network, own in versions for version in own]


NetworkTask = Callable[[InterfaceBinding, AsyncZeroconf], Awaitable[None]]
"""Runs in one network until it is cancelled, because the network is gone or the program ends."""

PacketHandler = Callable[[InterfaceBinding, str, DNSIncoming], None]
"""Called with each packet of a network and the address of its sender."""


class Multicast:
    """Runs ``network_task`` in every network, from the moment this machine is in it until it is not.

    Each network has a zeroconf of its own: a shared one would announce addresses of one network in another. Where
    zeroconf cannot start, because another program holds the port or the network has no multicast, the program goes
    on without it, and retries. It sends from the addresses for which ``may_speak`` returns true, by default from
    all. Zeroconf itself reads and answers packets only if ``answers`` is set.
    """

    def __init__(
        self,
        network_task: NetworkTask,
        on_packet: PacketHandler,
        *,
        may_speak: Callable[[str], bool] | None = None,
        answers: bool = False,
    ) -> None:
        self._network_task, self._on_packet, self._answers = network_task, on_packet, answers
        self._may_speak = may_speak or (lambda _address: True)
        self._binding_tasks: dict[InterfaceBinding, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._problems: set[str] = set()

    @property
    def networks(self) -> set[Network]:
        """The networks in which the task runs, or is about to."""
        return {binding.network for binding in self._binding_tasks}

    async def run(self) -> None:
        """Run until cancelled; all tasks have ended by then."""
        try:
            await NetworkWatch(self._update_bindings).run()
        finally:
            for task in self._binding_tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _update_bindings(self, networks: list[Network]) -> None:
        bindings = interface_bindings([network.restricted_to(self._may_speak) for network in networks])
        for binding in [binding for binding in self._binding_tasks if binding not in bindings]:
            self._binding_tasks.pop(binding).cancel()
        for binding in bindings:
            if binding not in self._binding_tasks:
                self._binding_tasks[binding] = task = asyncio.create_task(self._run_binding(binding))
                self._tasks.add(task)
                task.add_done_callback(self._task_done)

    def _task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            logger.error("In one of the networks no chats can be announced or found.", exc_info=task.exception())

    async def _run_binding(self, binding: InterfaceBinding) -> None:
        while True:
            try:
                async with _zeroconf(binding, self._on_packet, self._answers) as zeroconf:
                    await self._network_task(binding, zeroconf)
            except (OSError, RuntimeError, Error) as error:
                self._log_problem(
                    binding, f"No chats can be announced or found at {binding.address} ({_reason(error)})."
                )
            await asyncio.sleep(_RETRY_SECONDS)

    def _log_problem(self, binding: InterfaceBinding, problem: str) -> None:
        """Log it once, because it may last. In networks without people it is no warning."""
        expected = problem in self._problems or binding.network.kind in (NetworkKind.VPN, NetworkKind.VIRTUAL)
        logger.log(logging.DEBUG if expected else logging.WARNING, "%s", problem)
        self._problems.add(problem)


@contextlib.asynccontextmanager
async def _zeroconf(binding: InterfaceBinding, on_packet: PacketHandler, answers: bool) -> AsyncIterator[AsyncZeroconf]:
    """A zeroconf for this network alone. Raises OSError or RuntimeError where it cannot run."""
    zeroconf = AsyncZeroconf(interfaces=[binding.address], ip_version=_VERSIONS[binding.version])
    try:
        start = asyncio.ensure_future(zeroconf.zeroconf.async_wait_for_start())
        start.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody asks if this is cancelled
        await asyncio.shield(start)  # a wait that is cancelled would cancel the start, and closing would close nothing
        if not zeroconf.zeroconf.engine.senders:
            raise OSError("the address cannot be used yet")
        _filter_packets(zeroconf, binding, on_packet, answers)
        yield zeroconf
    finally:
        await _close(zeroconf)


async def _close(zeroconf: AsyncZeroconf) -> None:
    """Send a goodbye and close the sockets, which takes up to two seconds, also if cancelled again meanwhile."""
    closing = asyncio.ensure_future(zeroconf.async_close())
    cancelled = False
    while not closing.done():
        try:
            await asyncio.wait([closing])
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError from closing.exception()
    closing.result()


def _filter_packets(
    zeroconf: AsyncZeroconf, binding: InterfaceBinding, on_packet: PacketHandler, answers: bool
) -> None:
    """Filter what zeroconf reads.

    The system passes a socket what comes in through any interface once another socket has joined the group there,
    and an answer would carry the wrong addresses.
    """
    index = zeroconf.zeroconf.engine.senders[0].multicast_index
    for reader in zeroconf.zeroconf.engine.readers:
        listener = cast(asyncio.DatagramProtocol, reader.transport.get_protocol())
        reader.transport.set_protocol(_NeighbourFilter(listener, binding, index, on_packet, answers))


class _NeighbourFilter(asyncio.DatagramProtocol):
    """Passes on only packets that come from an address of the network itself, and that zeroconf can serialize again."""

    def __init__(
        self,
        listener: asyncio.DatagramProtocol,
        binding: InterfaceBinding,
        index: int,
        on_packet: PacketHandler,
        answers: bool,
    ) -> None:
        self._listener, self._binding, self._index = listener, binding, index
        self._on_packet, self._answers = on_packet, answers

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """The packet of a link-local sender is recognized by the interface that it came through."""
        scope = addr[3] if len(addr) > 2 else 0
        if not (scope == self._index if scope else self._binding.network.contains(addr[0])):
            return
        message = DNSIncoming(data)
        self._on_packet(self._binding, addr[0], message)
        if self._answers and has_valid_names(message):
            self._listener.datagram_received(data, addr)

    def error_received(self, exc: Exception) -> None:
        """Pass it on."""
        self._listener.error_received(exc)

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass it on."""
        self._listener.connection_lost(exc)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "another program keeps port 5353 to itself; if that is Avahi, set disallow-other-stacks=no"
    return ((isinstance(error, OSError) and error.strerror) or str(error)).lower()


def _version(address: str) -> int:
    return 6 if ":" in address else 4
