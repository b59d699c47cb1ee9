"""Discovery of real hosts, in networks that the test creates; this thread is in one of them."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.controllers.discovery import DiscoveryController
from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.settings import RecentChat, Settings
from chatdesk.desktop.tasks import Tasks
from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.short_code import short_code
from tests.netns import Machine, Networks, inside
from tests.waiting import until

HERE, THERE = "10.77.1.2", "10.77.1.3"
TODAY = date(2026, 11, 24)

Serve = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def other_machine() -> Iterator[Machine]:
    """Another computer in the test's network, in which this thread is during the test."""
    with Networks() as networks:
        lan, here, there = networks.lan(), networks.machine(), networks.machine()
        here.plug(lan, f"{HERE}/28")
        there.plug(lan, f"{THERE}/28")
        with inside(here):
            yield there


@pytest.fixture
def serve(other_machine: Machine) -> Serve:
    """Start a server on the other computer."""

    def start(*options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "chatdesk", "serve", "--in-memory", "--name", "Robotics Workshop", *options]
        process = other_machine.popen(command, stdout=subprocess.PIPE, text=True)
        assert "open at" in process.stdout.readline()
        return process

    return start


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest_asyncio.fixture
async def controller(
    qapp: QApplication, other_machine: Machine, settings: Settings
) -> AsyncIterator["RecordingController"]:
    errors: list[BaseException] = []
    async with Tasks(errors.append) as tasks:
        made = RecordingController(settings, tasks)
        yield made
        made.stop()
    assert errors == []


class RecordingController(DiscoveryController):
    """Records all signals."""

    def __init__(self, settings: Settings, tasks: Tasks) -> None:
        super().__init__(settings, tasks, allowed=True)
        self.shown: list[FoundHost] = []
        self.states: list[DiscoveryState] = []
        self.progress: list[tuple[int, int]] = []
        self.open: dict[str, FoundHost | None] = {}
        self._silence_timer.setInterval(100)
        self.hosts_changed.connect(self._show)
        self.state_changed.connect(self.states.append)
        self.scan_progressed.connect(lambda asked, total: self.progress.append((asked, total)))
        self.recent_answered.connect(self.open.__setitem__)

    def _show(self, hosts: list[FoundHost]) -> None:
        self.shown = hosts


def listens_to_multicast() -> bool:
    """Whether the port of multicast DNS is open on this computer."""
    return ":14E9 " in Path("/proc/thread-self/net/udp").read_text()


async def test_a_host_appears_and_vanishes_when_it_is_killed(controller: RecordingController, serve: Serve) -> None:
    controller.start()
    await until(lambda: controller.state is DiscoveryState.NO_ANSWER)
    process = serve()
    await until(lambda: controller.shown)
    assert [(host.name, host.addresses) for host in controller.shown] == [("Robotics Workshop", (f"{THERE}:8080",))]
    assert controller.state is DiscoveryState.FOUND
    process.kill()
    await until(lambda: not controller.shown)
    await until(lambda: controller.state is DiscoveryState.NO_ANSWER)
    assert controller.states == [
        DiscoveryState.NO_ANSWER,
        DiscoveryState.FOUND,
        DiscoveryState.SEARCHING,
        DiscoveryState.NO_ANSWER,
    ]


async def test_the_networks_are_reported(controller: RecordingController) -> None:
    told: list[list[str]] = []
    controller.networks_changed.connect(lambda networks: told.append([network.interface for network in networks]))
    controller.start()
    await until(lambda: told == [["eth0"]])


async def test_without_a_network_it_says_so_until_there_is_one(qapp: QApplication, settings: Settings) -> None:
    with Networks() as networks:
        lan, here = networks.lan(), networks.machine()
        with inside(here):
            async with Tasks(lambda _error: None) as tasks:
                controller = RecordingController(settings, tasks)
                controller.start()
                await until(lambda: controller.state is DiscoveryState.NO_NETWORK)
                here.plug(lan, f"{HERE}/28")
                await until(lambda: controller.state is DiscoveryState.NO_ANSWER)
                here.unplug(lan)
                await until(lambda: controller.state is DiscoveryState.NO_NETWORK)
                controller.stop()


async def test_recent_chats_are_asked_at_once_and_only_those_that_are_open_answer(
    controller: RecordingController, serve: Serve, settings: Settings
) -> None:
    process = serve("--no-discovery")
    settings.add_recent(RecentChat("Gone", "10.77.1.9:8080", TODAY))
    settings.add_recent(RecentChat("Old name", f"{THERE}:8080", TODAY))
    controller.start()
    await until(lambda: controller.open)
    assert {address: host and host.name for address, host in controller.open.items()} == {
        f"{THERE}:8080": "Robotics Workshop"
    }
    process.kill()
    await until(lambda: controller.open == {f"{THERE}:8080": None})


async def test_a_scan_finds_a_host_that_is_not_announced_and_notices_its_end(
    controller: RecordingController, serve: Serve
) -> None:
    process = serve("--no-discovery")
    controller.start()
    await until(lambda: controller.state is DiscoveryState.NO_ANSWER)
    controller.scan()
    assert controller.state is DiscoveryState.NO_ANSWER
    await until(lambda: controller.state is DiscoveryState.FOUND)
    assert [host.addresses for host in controller.shown] == [(f"{THERE}:8080",)]
    assert controller.progress[0] == (0, 13)
    assert controller.progress[-1] == (13, 13)
    process.kill()
    await until(lambda: not controller.shown)


async def test_looking_harder_in_vain_says_so_and_can_be_done_again(controller: RecordingController) -> None:
    controller.start()
    controller.scan()
    await until(lambda: controller.state is DiscoveryState.NOTHING_FOUND)
    controller.scan()
    await until(lambda: controller.states[-2:] == [DiscoveryState.SCANNING, DiscoveryState.NOTHING_FOUND])


async def test_looking_harder_can_be_stopped(controller: RecordingController) -> None:
    controller.start()
    controller.scan()
    controller.scan()
    await until(lambda: controller.progress)
    controller.stop_scan()
    await until(lambda: controller.state is DiscoveryState.NO_ANSWER)
    assert controller.states.count(DiscoveryState.SCANNING) == 1
    controller.stop_scan()


async def test_turned_off_it_sends_nothing_and_remembers_that(
    controller: RecordingController, serve: Serve, settings: Settings
) -> None:
    serve()
    controller.start()
    await until(lambda: controller.shown)
    controller.scan()
    await until(lambda: controller.state is DiscoveryState.SCANNING)
    controller.set_enabled(False)
    assert (controller.shown, controller.state, settings.discovery) == ([], DiscoveryState.OFF, False)
    await until(lambda: len(asyncio.all_tasks()) == 1)
    assert not listens_to_multicast()
    controller.scan()
    assert controller.state is DiscoveryState.OFF
    controller.set_enabled(True)
    assert (controller.state, settings.discovery) == (DiscoveryState.SEARCHING, True)
    await until(lambda: controller.shown)


async def test_nothing_is_asked_once_the_start_screen_is_gone(controller: RecordingController, serve: Serve) -> None:
    serve()
    controller.start()
    controller.start()
    await until(lambda: controller.shown)
    assert listens_to_multicast()
    controller.stop()
    await until(lambda: len(asyncio.all_tasks()) == 1)
    assert not listens_to_multicast()
    assert controller.shown == []
    controller.scan()
    controller.set_enabled(False)
    assert len(asyncio.all_tasks()) == 1
    controller.start()
    assert controller.state is DiscoveryState.OFF


async def test_a_program_that_may_not_look_never_does(
    qapp: QApplication, other_machine: Machine, settings: Settings
) -> None:
    settings.add_recent(RecentChat("Old", "10.77.1.9:8080", TODAY))
    async with Tasks(lambda _error: None) as tasks:
        discovery = DiscoveryController(settings, tasks, allowed=False)
        discovery.start()
        discovery.set_enabled(True)
        discovery.scan()
        assert discovery.state is DiscoveryState.UNAVAILABLE
        assert not listens_to_multicast()
        assert len(asyncio.all_tasks()) == 1


async def test_a_code_resolves_to_the_host_that_answers(controller: RecordingController, serve: Serve) -> None:
    serve("--no-discovery", "--port", "8081")
    code = short_code(THERE, 8081)
    assert code
    assert await controller.resolve_code(code) == f"{THERE}:8081"
    assert await controller.resolve_code(code.upper().replace("-", " ")) == f"{THERE}:8081"
    assert await controller.resolve_code(short_code(THERE, 8080) or "") is None


async def test_where_a_found_hosts_first_address_leads_nowhere_the_next_is_taken(
    controller: RecordingController, serve: Serve
) -> None:
    serve()
    controller.start()
    await until(lambda: controller.shown)
    found = controller.shown[0]
    elsewhere = FoundHost(
        *[getattr(found, name) for name in found.__slots__][:-1], ("10.77.1.9:8080", *found.addresses)
    )
    assert await controller.resolve_host(elsewhere) == f"{THERE}:8080"
    nowhere = FoundHost("another-id", *[getattr(found, name) for name in found.__slots__][1:])
    assert await controller.resolve_host(nowhere) == f"{THERE}:8080"
