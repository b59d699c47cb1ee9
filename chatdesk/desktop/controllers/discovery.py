"""Looks for chats while the start screen is shown: those nearby, recent ones, and this computer's networks.

Nothing is sent to the network before or after that, nor while discovery is turned off.
"""

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from chatdesk.client.address import DEFAULT_PORT
from chatdesk.desktop.controllers.address_resolution import (
    ANSWER_TIMEOUT,
    candidates_for_code,
    first_answering,
    host_and_port,
)
from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.settings import RECENTS_SHOWN, Settings
from chatdesk.desktop.tasks import Tasks
from chatdesk.discovery.chat_browser import ChatBrowser
from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.liveness import LivenessCheck
from chatdesk.discovery.network_watch import NetworkWatch
from chatdesk.discovery.networks import Network, own_networks
from chatdesk.discovery.query import query_chat
from chatdesk.discovery.subnet_scan import scan_subnets

_SILENCE_MS = 4000
"""Milliseconds without an answer before the start screen says so: hosts nearby are found within two seconds."""
_MAX_PROBES = 8
"""Known hosts probed at the same time: enough to notice an end within seconds, and no burst on the network."""


class DiscoveryController(QObject):
    """Runs between ``start`` and ``stop``; if it is not ``allowed``, it never searches.

    ``hosts_changed`` carries a list of FoundHost, ``networks_changed`` a list of Network, ``recent_answered`` a recent
    address and the FoundHost at it, or None when that is gone, ``state_changed`` the ``state``, ``scan_progressed`` the
    number of addresses probed so far and of all.
    """

    hosts_changed = Signal(list)
    networks_changed = Signal(list)
    recent_answered = Signal(str, object)
    state_changed = Signal(object)
    scan_progressed = Signal(int, int)

    def __init__(self, settings: Settings, tasks: Tasks, *, allowed: bool) -> None:
        super().__init__()
        self._settings, self._tasks, self._allowed = settings, tasks, allowed
        self._started = False
        self.state = self._initial_state()
        self._tasks_running: list[asyncio.Task[None]] = []
        self._scan_task: asyncio.Task[None] | None = None
        self._networks: list[Network] = []
        self._announced_hosts: list[FoundHost] = []
        self._liveness: dict[str, LivenessCheck] = {}
        self._probe_slots = asyncio.Semaphore(_MAX_PROBES)
        self._silence_timer = QTimer(self, singleShot=True, interval=_SILENCE_MS)
        self._silence_timer.timeout.connect(self._no_answer)

    @property
    def hosts(self) -> list[FoundHost]:
        """The chats found, each one once."""
        announced = {host.server_id for host in self._announced_hosts}
        queried = [liveness.found for server_id, liveness in self._liveness.items() if server_id not in announced]
        return [*self._announced_hosts, *filter(None, queried)]

    def start(self) -> None:
        """Start searching: the start screen is shown."""
        if not self._started:
            self._started = True
            self._start_searching()

    def stop(self) -> None:
        """Stop searching: the start screen is hidden."""
        self._started = False
        self._stop_searching()

    def set_enabled(self, on: bool) -> None:
        """Turn discovery on or off, and remember it in the settings."""
        self._settings.discovery = on
        self._stop_searching()
        if self._started:
            self._start_searching()
        else:
            self._set(self._initial_state())

    def scan(self) -> None:
        """Probe all addresses of this computer's networks, once."""
        if self._tasks_running and self._scan_task is None:
            self._scan_task = self._tasks.start(self._scan(), "look harder")

    def stop_scan(self) -> None:
        """Cancel the scan."""
        if self._scan_task:
            self._scan_task.cancel()

    async def resolve_code(self, code: str) -> str | None:
        """Return the address at which the chat of a short code answers; None if none does."""
        return await first_answering(candidates_for_code(code, self._networks or own_networks(), self.hosts))

    async def resolve_host(self, host: FoundHost) -> str:
        """Return the first of a host's addresses that answers; the first of all if none does."""
        return await first_answering(host.addresses, host.server_id) or host.addresses[0]

    def _start_searching(self) -> None:
        self._set(self._initial_state())
        if self.state is not DiscoveryState.SEARCHING:
            return
        self._silence_timer.start()
        work = {"browse": self._browse, "watch": self._watch, "recents": self._probe_recents}
        self._tasks_running = [self._tasks.start(coroutine(), name) for name, coroutine in work.items()]

    def _initial_state(self) -> DiscoveryState:
        """Return the state before anything was searched."""
        if not self._allowed:
            return DiscoveryState.UNAVAILABLE
        return DiscoveryState.SEARCHING if self._settings.discovery else DiscoveryState.OFF

    def _stop_searching(self) -> None:
        self._silence_timer.stop()
        search, self._scan_task = self._scan_task, None
        running, self._tasks_running = self._tasks_running, []
        for task in (*running, *filter(None, [search])):
            task.cancel()
        self._networks, self._announced_hosts, self._liveness = [], [], {}
        self.hosts_changed.emit([])

    def _set(self, state: DiscoveryState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _no_answer(self) -> None:
        if self.state is DiscoveryState.SEARCHING:
            self._set(DiscoveryState.NO_ANSWER)

    async def _browse(self) -> None:
        async with ChatBrowser(self._hosts_announced):
            await asyncio.get_running_loop().create_future()

    async def _watch(self) -> None:
        await NetworkWatch(self._networks_changed).run()

    async def _probe_recents(self) -> None:
        """Probe all recent chats at the same time."""
        await asyncio.gather(*(self._probe_recent(recent.address) for recent in self._settings.recents[:RECENTS_SHOWN]))

    async def _probe_recent(self, address: str) -> None:
        """Probe a recent chat once; if it answers, watch it until it is gone."""
        asked = host_and_port(address)
        host = await query_chat(asked, ANSWER_TIMEOUT) if asked else None
        if asked and host:
            liveness = LivenessCheck(
                host.server_id, self._probe_slots, lambda: self.recent_answered.emit(address, liveness.found)
            )
            liveness.update_addresses((asked,))
            await liveness.run()

    async def _scan(self) -> None:
        self._set(DiscoveryState.SCANNING)
        after = DiscoveryState.NO_ANSWER
        try:
            complete = await scan_subnets(self._networks, DEFAULT_PORT, self._host_scanned, self.scan_progressed.emit)
            after = DiscoveryState.NOTHING_FOUND if complete else DiscoveryState.PARTLY_SCANNED
        finally:
            if self._scan_task is asyncio.current_task():
                self._scan_task = None
                self._set(DiscoveryState.FOUND if self.hosts else after)

    def _networks_changed(self, networks: Sequence[Network]) -> None:
        self._networks = list(networks)
        self.networks_changed.emit(self._networks)
        if networks and self.state in (
            DiscoveryState.NO_NETWORK,
            DiscoveryState.NOTHING_FOUND,
            DiscoveryState.PARTLY_SCANNED,
        ):
            self._search_again()
        elif not networks and self.state is not DiscoveryState.SCANNING:
            self._set(DiscoveryState.NO_NETWORK)

    def _hosts_announced(self, hosts: Sequence[FoundHost]) -> None:
        self._announced_hosts = list(hosts)
        self._update_hosts()

    def _host_scanned(self, host: FoundHost) -> None:
        """Add a host and watch it: unlike announced hosts, nothing else reports its end."""
        if host.server_id not in self._liveness:
            self._liveness[host.server_id] = liveness = LivenessCheck(
                host.server_id, self._probe_slots, self._update_hosts
            )
            liveness.found = host
            liveness.update_addresses(host.addresses)
            self._tasks_running.append(self._tasks.start(liveness.run(), "liveness"))
            self._update_hosts()

    def _update_hosts(self) -> None:
        hosts = self.hosts
        self.hosts_changed.emit(hosts)
        if hosts and self.state is not DiscoveryState.SCANNING:
            self._set(DiscoveryState.FOUND)
        elif not hosts and self.state is DiscoveryState.FOUND:
            self._search_again()

    def _search_again(self) -> None:
        self._set(DiscoveryState.SEARCHING)
        self._silence_timer.start()
