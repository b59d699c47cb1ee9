"""What is around this computer while the start screen is shown: rooms nearby, recent ones, the networks it is in.

Nothing is asked of the network before the start screen is there, nor after it, nor where looking is turned off.
"""

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from chatdesk.client.address import DEFAULT_PORT
from chatdesk.desktop.controllers.address_resolution import PATIENCE, as_asked, first_answering, meant_by
from chatdesk.desktop.discovery_state import Looking
from chatdesk.desktop.settings import OFFERED, Settings
from chatdesk.desktop.tasks import Tasks
from chatdesk.discovery.chat_browser import ChatBrowser
from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.liveness import LivenessCheck
from chatdesk.discovery.network_watch import NetworkWatch
from chatdesk.discovery.networks import Network, own_networks
from chatdesk.discovery.query import query_chat
from chatdesk.discovery.subnet_scan import scan_subnets

_SILENCE = 4000
"""Milliseconds in which nobody answers, before there is a word about it."""
_ASKED_AT_ONCE = 8


class Surroundings(QObject):
    """Told when the start screen comes and goes; where it is not ``allowed`` it never looks.

    ``found`` carries a list of FoundHost, ``networks_changed`` one of Network, ``answered`` a recent address and the
    FoundHost at it, None when that has gone, ``state_changed`` the ``state``, ``searched`` how many of how many
    addresses have been asked.
    """

    found = Signal(list)
    networks_changed = Signal(list)
    answered = Signal(str, object)
    state_changed = Signal(object)
    searched = Signal(int, int)

    def __init__(self, settings: Settings, tasks: Tasks, *, allowed: bool) -> None:
        super().__init__()
        self._settings, self._tasks, self._allowed = settings, tasks, allowed
        self._present = False
        self.state = self._at_rest()
        self._running: list[asyncio.Task[None]] = []
        self._search: asyncio.Task[None] | None = None
        self._networks: list[Network] = []
        self._browsed: list[FoundHost] = []
        self._liveness: dict[str, LivenessCheck] = {}
        self._turn = asyncio.Semaphore(_ASKED_AT_ONCE)
        self._silence = QTimer(self, singleShot=True, interval=_SILENCE)
        self._silence.timeout.connect(self._fall_silent)

    @property
    def hosts(self) -> list[FoundHost]:
        """The chats found, each once."""
        browsed = {host.server_id for host in self._browsed}
        asked = [liveness.found for server_id, liveness in self._liveness.items() if server_id not in browsed]
        return [*self._browsed, *filter(None, asked)]

    def enter(self) -> None:
        """The start screen is there."""
        if not self._present:
            self._present = True
            self._begin()

    def leave(self) -> None:
        """It is no longer."""
        self._present = False
        self._end()

    def turn(self, on: bool) -> None:
        """Look, or do not, and remember that."""
        self._settings.discovery = on
        self._end()
        if self._present:
            self._begin()
        else:
            self._set(self._at_rest())

    def look_harder(self) -> None:
        """Ask the addresses of the own networks, once."""
        if self._running and self._search is None:
            self._search = self._tasks.start(self._look_harder(), "look harder")

    def stop_looking_harder(self) -> None:
        """Ask no further one."""
        if self._search:
            self._search.cancel()

    async def address_of_code(self, code: str) -> str | None:
        """Where the chat of this code answers; None where nobody does."""
        return await first_answering(meant_by(code, self._networks or own_networks(), self.hosts))

    async def address_of(self, host: FoundHost) -> str:
        """Which of its addresses can be reached from here; the first where none can."""
        return await first_answering(host.addresses, host.server_id) or host.addresses[0]

    def _begin(self) -> None:
        self._set(self._at_rest())
        if self.state is not Looking.BEGUN:
            return
        self._silence.start()
        work = {"browse": self._browse, "watch": self._watch, "recents": self._ask_recents}
        self._running = [self._tasks.start(coroutine(), name) for name, coroutine in work.items()]

    def _at_rest(self) -> Looking:
        """How it is as long as nobody was looked for."""
        if not self._allowed:
            return Looking.FORBIDDEN
        return Looking.BEGUN if self._settings.discovery else Looking.OFF

    def _end(self) -> None:
        self._silence.stop()
        search, self._search = self._search, None
        running, self._running = self._running, []
        for task in (*running, *filter(None, [search])):
            task.cancel()
        self._networks, self._browsed, self._liveness = [], [], {}
        self.found.emit([])

    def _set(self, state: Looking) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _fall_silent(self) -> None:
        if self.state is Looking.BEGUN:
            self._set(Looking.SILENT)

    async def _browse(self) -> None:
        async with ChatBrowser(self._meet):
            await asyncio.get_running_loop().create_future()

    async def _watch(self) -> None:
        await NetworkWatch(self._follow).run()

    async def _ask_recents(self) -> None:
        """All of them at the same time."""
        await asyncio.gather(*(self._ask_recent(recent.address) for recent in self._settings.recents[:OFFERED]))

    async def _ask_recent(self, address: str) -> None:
        """Who is not there is asked no more; who is, for as long as the lamp says so."""
        asked = as_asked(address)
        host = await query_chat(asked, PATIENCE) if asked else None
        if asked and host:
            liveness = LivenessCheck(host.server_id, self._turn, lambda: self.answered.emit(address, liveness.found))
            liveness.update_addresses((asked,))
            await liveness.run()

    async def _look_harder(self) -> None:
        self._set(Looking.HARDER)
        after = Looking.SILENT
        try:
            everybody = await scan_subnets(self._networks, DEFAULT_PORT, self._hear, self.searched.emit)
            after = Looking.IN_VAIN if everybody else Looking.IN_PART
        finally:
            if self._search is asyncio.current_task():
                self._search = None
                self._set(Looking.FOUND if self.hosts else after)

    def _follow(self, networks: Sequence[Network]) -> None:
        self._networks = list(networks)
        self.networks_changed.emit(self._networks)
        if networks and self.state in (Looking.NO_NETWORK, Looking.IN_VAIN, Looking.IN_PART):
            self._begin_again()
        elif not networks and self.state is not Looking.HARDER:
            self._set(Looking.NO_NETWORK)

    def _meet(self, hosts: Sequence[FoundHost]) -> None:
        self._browsed = list(hosts)
        self._tell()

    def _hear(self, host: FoundHost) -> None:
        """From now on it is asked again and again: of its end nothing else would tell."""
        if host.server_id not in self._liveness:
            self._liveness[host.server_id] = liveness = LivenessCheck(host.server_id, self._turn, self._tell)
            liveness.found = host
            liveness.update_addresses(host.addresses)
            self._running.append(self._tasks.start(liveness.run(), "liveness"))
            self._tell()

    def _tell(self) -> None:
        hosts = self.hosts
        self.found.emit(hosts)
        if hosts and self.state is not Looking.HARDER:
            self._set(Looking.FOUND)
        elif not hosts and self.state is Looking.FOUND:
            self._begin_again()

    def _begin_again(self) -> None:
        self._set(Looking.BEGUN)
        self._silence.start()
