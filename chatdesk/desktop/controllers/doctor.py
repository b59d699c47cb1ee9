"""Checks the connection: of the room hosted here, or of a chat that cannot be joined. One check at a time."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.dialogs.doctor import DoctorSheet
from chatdesk.desktop.hosting import Hosted
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.tasks import Tasks
from chatdesk.desktop.theme import Theme
from chatdesk.discovery.networks import Network, own_networks
from chatdesk.doctor import diagnose_address, diagnose_host
from chatdesk.doctor.examine import examine_address, examine_host
from chatdesk.doctor.report import OnFinding, Report

_Examination = Callable[[OnFinding], Coroutine[Any, Any, Report]]

_HOST_CHECK = "Looks whether others can come in to the room, and what keeps them away. It takes about ten seconds."

_PROXY_CHECK = "Looks whether others can come in by the proxy, and what keeps them away. It takes about ten seconds."


class DoctorController(QObject):
    """Shows the check's dialog over ``window`` and runs the checks."""

    def __init__(self, theme: Theme, window: QWidget, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._shown: Invitation | None = None
        self._examination: _Examination | None = None
        self._running: asyncio.Task[None] | None = None
        self.sheet = DoctorSheet(theme, window)
        self.sheet.start_requested.connect(self._start)
        self.sheet.stop_requested.connect(self._stop)
        self.sheet.dismissed.connect(self._stop)

    def set_invitation(self, shown: Invitation | None) -> None:
        """Set the invitation that others are given; its network is checked first, and it has the test page."""
        self._shown = shown
        self.sheet.set_test_page(f"{shown.url.rstrip('/')}/check" if shown else "")

    def offer_host_check(self, hosted: Hosted) -> None:
        """Open the dialog for the hosted room: can others join by the address they are given?"""

        if hosted.public_url:
            self._examination = lambda on_finding: examine_address(hosted.public_url, own_networks(), on_finding)
            self.sheet.offer(_PROXY_CHECK, diagnose_address.TITLES)
            self.set_invitation(self._shown)
            return

        def examine(on_finding: OnFinding) -> Coroutine[Any, Any, Report]:
            return examine_host(
                hosted.port, _with_first(own_networks(), self._shown), on_finding, hosted.doctor_token()
            )

        self._examination = examine
        self.sheet.offer(_HOST_CHECK, diagnose_host.TITLES)
        self.set_invitation(self._shown)

    def check_address(self, address: str) -> None:
        """Open the dialog and check why the chat at a typed address cannot be joined."""

        def examine(on_finding: OnFinding) -> Coroutine[Any, Any, Report]:
            return examine_address(address, own_networks(), on_finding)

        self._examination = examine
        self.set_invitation(None)
        self.sheet.offer(f"Looks what is between this computer and {address}.", diagnose_address.TITLES)
        self._start()

    def close(self) -> None:
        """Close the dialog."""
        self.sheet.dismiss()

    def _start(self) -> None:
        if self._examination and (self._running is None or self._running.done()):
            self.sheet.show_running()
            self._running = self._tasks.start(self._examine(self._examination), "check")
            self._running.add_done_callback(self._task_done)

    async def _examine(self, examination: _Examination) -> None:
        try:
            self.sheet.show_report(await examination(self.sheet.show_finding))
        except ValueError as error:
            self.sheet.show_problem(str(error))

    def _task_done(self, task: asyncio.Task[None]) -> None:
        if task is self._running:  # not if the next check is running already
            self._running = None
            self.sheet.show_stopped()

    def _stop(self) -> None:
        if self._running:
            self._running.cancel()


def _with_first(networks: Sequence[Network], shown: Invitation | None) -> list[Network]:
    """Return the networks, starting with the one of the invitation."""
    interface = shown.network.interface if shown and shown.network else ""
    return sorted(networks, key=lambda network: network.interface != interface)
