"""Beside real Avahi and systemd-resolved: a name belongs to one machine, and is announced while a chat is there."""

import asyncio
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack
from copy import copy
from functools import partial
from typing import NamedTuple

import pytest

from chatdesk.discovery.advert import Advert
from chatdesk.discovery.advertiser import Advertiser
from tests.debian import Debian
from tests.discovery.chat_programs import ROOT, finding_chats, run, start
from tests.discovery.computers import Computer, system
from tests.discovery.test_chat_browser import advert
from tests.netns import Lan, Machine, Networks, inside
from tests.waiting import until

pytestmark = pytest.mark.timeout(300)  # the first one waits for a Debian


EARLY = {12: "Late-avahi", 14: "Late-resolved", 32: "mine-avahi", 33: "mine-resolved"}
"""Chats that are started before the tests that need them."""


class SharedLan:
    """A network and the machines in it, which are numbered by their addresses."""

    def __init__(self, networks: Networks, debian: Debian) -> None:
        self.networks, self.debian, self.lan = networks, debian, networks.lan()
        self.early = {number: self.machine(number) for number in EARLY}
        for number, machine in self.early.items():
            start(machine, EARLY[number])

    def machine(self, number: int, lan: Lan | None = None) -> Machine:
        machine = self.networks.machine()
        machine.plug(lan or self.lan, f"10.77.1.{number}/24", f"fd77::{number}/64")
        return machine

    def computer(self, number: int, name: str, lan: Lan | None = None) -> Computer:
        return Computer(self.debian, self.machine(number, lan), name)


class TimedLines:
    """The lines that a program prints, each with the time at which it came."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.all: list[tuple[float, str]] = []
        self._process = process
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.all.append((time.monotonic(), line))

    def when(self, begin: str, name: str) -> list[float]:
        """The times of lines that begin like this and contain a name."""
        return [moment for moment, line in self.all if line.startswith(begin) and name in line]


class EndedChats(NamedTuple):
    """Chats that end in the course of the module, the programs that watch them, and when they ended."""

    killed: float
    closed: float
    seen: TimedLines
    heard: TimedLines
    lone: Machine


@pytest.fixture(scope="module")
def shared_lan() -> Iterator[SharedLan]:
    with ExitStack() as stack:
        debian = stack.enter_context(system())
        yield SharedLan(stack.enter_context(Networks()), debian)


@pytest.fixture(scope="module")
def avahi_computer(shared_lan: SharedLan) -> Computer:
    """A computer with Avahi that browses."""
    computer = shared_lan.computer(3, "looker")
    computer.avahi()
    return computer


@pytest.fixture(scope="module")
def resolved_computer(shared_lan: SharedLan) -> Computer:
    """A computer with systemd-resolved that resolves names."""
    computer = shared_lan.computer(4, "asker")
    computer.resolved()
    return computer


class ReflectedLans(NamedTuple):
    """Two LANs that a router joins, which reflects what is announced in either, and the chat in the far one."""

    near: Lan
    far: Lan
    chat: subprocess.Popen[str]
    avahi_computer: Computer


def machine_in(shared_lan: SharedLan, lan: Lan, place: str) -> Machine:
    """A machine in a LAN with a router, at "1.2" for example."""
    network, number = place.split(".")
    machine = shared_lan.networks.machine()
    machine.plug(lan, f"10.88.{network}.{number}/24", f"fd88:{network}::{number}/64")
    machine.route("add", "default", "via", f"10.88.{network}.1")
    machine.run(["ip", "-6", "route", "add", "default", "via", f"fd88:{network}::1"])
    return machine


@pytest.fixture(scope="module")
def reflected_lans(shared_lan: SharedLan) -> ReflectedLans:
    near, far, router = shared_lan.networks.lan(), shared_lan.networks.lan(), shared_lan.networks.machine()
    for number, lan in enumerate((near, far), 1):
        router.plug(lan, f"10.88.{number}.1/24", f"fd88:{number}::1/64")
    router.run(["sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"])
    Computer(shared_lan.debian, router, "gate").avahi("[reflector]", "enable-reflector=yes")
    avahi_computer = Computer(shared_lan.debian, machine_in(shared_lan, near, "1.7"), "looker")
    avahi_computer.avahi()
    for machine, name in ((router, "Gate Chat"), (machine_in(shared_lan, near, "1.2"), "Near")):
        start(machine, name)
    return ReflectedLans(near, far, start(machine_in(shared_lan, far, "2.2"), "Far"), avahi_computer)


@pytest.fixture(scope="module", autouse=True)
def ended_chats(
    shared_lan: SharedLan, avahi_computer: Computer, resolved_computer: Computer, reflected_lans: ReflectedLans
) -> EndedChats:
    """Starts what takes time: it goes on while the other tests run."""
    passing = shared_lan.networks.lan()
    lone = shared_lan.machine(8, passing)
    listen = [sys.executable, "-m", "tests.discovery.mdns_listener", "eth0"]
    heard = TimedLines(shared_lan.machine(9, passing).popen(listen, cwd=ROOT, stdout=subprocess.PIPE, text=True))
    start(lone, "Lasting")
    seen = TimedLines(avahi_computer.popen("avahi-browse", "-pk", "_chatdesk._tcp", stdout=subprocess.PIPE))
    doomed, closed = start(shared_lan.machine(5), "Doomed"), start(shared_lan.machine(6), "Closed")
    deadline = time.monotonic() + 30
    while not (seen.when("+", "Doomed") and seen.when("+", "Closed")):
        assert time.monotonic() < deadline, seen.all
        time.sleep(0.05)
    doomed.kill()
    closed.send_signal(signal.SIGTERM)
    now = time.monotonic()
    return EndedChats(now, now, seen, heard, lone)


async def test_a_chat_takes_no_name_that_a_computer_has(
    shared_lan: SharedLan, avahi_computer: Computer, resolved_computer: Computer
) -> None:
    assert avahi_computer.leads("asker.local") == "10.77.1.4"
    start(shared_lan.machine(21), "Asker")
    await until(lambda: avahi_computer.leads("asker-2.local") == "10.77.1.21", 15)
    assert avahi_computer.leads("asker.local") == "10.77.1.4"
    assert resolved_computer.resolved_name() == "asker"


async def test_of_a_chat_and_a_computer_that_start_together_one_has_the_name(
    shared_lan: SharedLan, avahi_computer: Computer
) -> None:
    computer = shared_lan.computer(24, "both")
    computer.avahi()
    start(shared_lan.machine(25), "Both")

    def places() -> list[str]:
        return sorted(avahi_computer.leads(name) for name in ("both.local", "both-2.local"))

    await until(lambda: places() == ["10.77.1.24", "10.77.1.25"], 20)


@pytest.mark.parametrize("responder", ["avahi", "resolved"])
async def test_a_computer_that_boots_later_with_the_name_of_a_chat_takes_another(
    shared_lan: SharedLan,
    avahi_computer: Computer,
    resolved_computer: Computer,
    ended_chats: EndedChats,
    responder: str,
) -> None:
    number = {"avahi": 12, "resolved": 14}[responder]
    name = f"late-{responder}"
    late = shared_lan.computer(number + 1, name)
    await until(lambda: avahi_computer.leads(f"{name}.local") == f"10.77.1.{number}", 15)
    announced = ended_chats.seen.when("+", EARLY[number])[0]
    await asyncio.sleep(announced + 4 - time.monotonic())  # its first announcements would be heard by chance
    getattr(late, responder)()
    if responder == "avahi":
        await until(late.avahi_name, 15)
        assert late.avahi_name() == f"{name}-2.local"
        assert avahi_computer.leads(f"{name}-2.local") == f"10.77.1.{number + 1}"
    else:
        await until(lambda: late.resolved_name() != name, 15)
    assert avahi_computer.leads(f"{name}.local") == f"10.77.1.{number}"
    assert resolved_computer.leads(f"{name}.local", by="resolved") == f"10.77.1.{number}"


@pytest.mark.parametrize("responder", ["avahi", "resolved"])
async def test_a_chat_leaves_its_own_computer_its_name(
    shared_lan: SharedLan, avahi_computer: Computer, responder: str
) -> None:
    """Also if the computer gets the name later."""
    number = {"avahi": 32, "resolved": 33}[responder]
    name = f"mine-{responder}"
    computer = Computer(shared_lan.debian, shared_lan.early[number], name)
    await until(lambda: avahi_computer.leads(f"{name}.local") == f"10.77.1.{number}", 15)
    getattr(computer, responder)()
    await until(lambda: avahi_computer.leads(f"{name}-2.local") == f"10.77.1.{number}", 15)
    if responder == "resolved":  # it does not hear other programs of its own computer
        assert computer.resolved_name() == name
    else:
        assert computer.avahi_name() == f"{name}.local"
        start(computer.machine, name, "--port", "8081")
        await until(lambda: avahi_computer.leads(f"{name}-3.local") == f"10.77.1.{number}", 15)


async def test_avahi_sees_every_chat_whatever_it_is_called(shared_lan: SharedLan, avahi_computer: Computer) -> None:
    names = ["a.b", 'back\\slash "and" more', "Łódź ورشة 🤖", "x" * 100, "é" * 60]
    adverts = [
        Advert(f"{place}" * 16, name, "Mara", 1, 1, False, 9000 + place, "1") for place, name in enumerate(names)
    ]

    def ports() -> set[str]:
        lines = avahi_computer.run("avahi-browse", "-rpt", "_chatdesk._tcp", seconds=5).splitlines()
        resolved = [line.split(";") for line in lines if line.startswith("=") and ";10.77.1.40;" in line]
        return {fields[8] for fields in resolved}

    with inside(shared_lan.machine(40)):
        async with AsyncExitStack() as stack:
            for advert in adverts:
                await stack.enter_async_context(Advertiser(partial(copy, advert), "0.0.0.0", lambda _name: None))
            deadline = time.monotonic() + 30
            while (seen := await asyncio.to_thread(ports)) != {f"900{place}" for place in range(len(names))}:
                assert time.monotonic() < deadline, seen


async def test_by_ipv6_alone_it_is_the_same(shared_lan: SharedLan) -> None:
    lan, machines = shared_lan.networks.lan(), [shared_lan.networks.machine() for _ in range(3)]
    for number, machine in enumerate(machines, 2):
        machine.plug(lan, f"fd66::{number}/64")
    start(machines[0], "Sixth")
    avahi_computer, late = (
        Computer(shared_lan.debian, machines[1], "looker"),
        Computer(shared_lan.debian, machines[2], "sixth"),
    )
    avahi_computer.avahi()
    await until(lambda: avahi_computer.leads("sixth.local", family=6) == "fd66::2", 15)
    listing = asyncio.create_task(asyncio.to_thread(run, machines[1], "hosts", "--seconds", "1.5"))
    late.avahi()
    await until(late.avahi_name, 15)
    assert late.avahi_name() == "sixth-2.local"
    assert avahi_computer.leads("sixth.local", family=6) == "fd66::2"
    assert "[fd66::2]:8080" in (await listing).stdout


def test_where_avahi_holds_the_port_the_log_says_what_to_set(shared_lan: SharedLan) -> None:
    computer = shared_lan.computer(60, "greedy")
    computer.avahi("disallow-other-stacks=yes")
    deadline = time.monotonic() + 30
    while not computer.avahi_name():
        assert time.monotonic() < deadline
    told = run(computer.machine, "hosts", "--seconds", "0.5").stderr
    assert "another program keeps port 5353 to itself; if that is Avahi, set disallow-other-stacks=no" in told


async def test_a_chat_in_a_network_behind_a_reflector_is_found_and_gone_when_it_is_killed(
    shared_lan: SharedLan, reflected_lans: ReflectedLans
) -> None:
    guest = machine_in(shared_lan, reflected_lans.near, "1.3")
    async with finding_chats(guest) as finder:
        await finder.finds("Far", "Gate Chat", "Near")
        assert finder.hosts[0].addresses == ("10.88.2.2:8080", "[fd88:2::2]:8080")
    listed = run(guest, "hosts", "--seconds", "3")  # the reflector relays only a part of its cache
    assert "10.88.2.2:8080" in listed.stdout
    async with finding_chats(guest) as finder:
        await finder.finds("Far", "Gate Chat", "Near")
        reflected_lans.chat.kill()
        await finder.finds("Gate Chat", "Near")


async def test_a_reflector_on_the_hosts_own_computer_takes_no_name_from_it(
    shared_lan: SharedLan, reflected_lans: ReflectedLans
) -> None:
    """It repeats probes of others, from an address of that computer."""
    leads = reflected_lans.avahi_computer.leads
    await until(lambda: leads("gate-chat.local") == "10.88.1.1", 15)
    start(machine_in(shared_lan, reflected_lans.far, "2.7"), "Gate Chat")
    await until(lambda: leads("gate-chat-2.local") == "10.88.2.7", 15)
    assert leads("gate-chat.local") == "10.88.1.1"


async def test_forged_adverts_lead_nobody_to_a_printer_and_make_no_flood(
    shared_lan: SharedLan, reflected_lans: ReflectedLans
) -> None:
    printer, guest = (
        machine_in(shared_lan, reflected_lans.far, "2.9"),
        machine_in(shared_lan, reflected_lans.near, "1.4"),
    )
    stranger = machine_in(shared_lan, reflected_lans.near, "1.66")
    asked: list[int] = []

    async def take(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(writer.get_extra_info("sockname")[1])
        writer.close()

    with inside(printer):
        servers = [
            await asyncio.start_server(take, "0.0.0.0", port) for port in (*range(9100, 9104), *range(9200, 9230))
        ]
    with inside(stranger):
        shouting = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        shouting.bind(("10.88.1.66", 5353))
    with shouting:
        async with finding_chats(guest) as finder:
            start(machine_in(shared_lan, reflected_lans.far, "2.5"), "Elsewhere")
            for name in range(3):
                for port in (*range(9100, 9104), *range(9200, 9230)):
                    packet = advert(f"{name}-{port}", "10.88.2.9", b"\x04id=a")
                    packet = packet.replace(struct.pack("!3H", 0, 0, 8080), struct.pack("!3H", 0, 0, port))
                    shouting.sendto(packet, ("224.0.0.251", 5353))
                    await asyncio.sleep(0.02)
            await finder.until(lambda: asked)
            await finder.until(lambda: "Elsewhere" in finder.names)
    for server in servers:
        server.close()
        await server.wait_closed()
    assert len(asked) <= 2, "at most two of its ports, once"
    assert not set(asked) & set(range(9100, 9104))


async def test_a_closed_chat_is_gone_at_once_and_a_killed_one_within_half_a_minute(ended_chats: EndedChats) -> None:
    await until(lambda: ended_chats.seen.when("-", "Closed"), 15)
    assert ended_chats.seen.when("-", "Closed")[0] - ended_chats.closed < 10
    await until(lambda: ended_chats.seen.when("-", "Doomed"), 40)
    assert ended_chats.seen.when("-", "Doomed")[0] - ended_chats.killed < 35


async def test_a_passive_listener_hears_of_a_chat_before_its_records_expire(ended_chats: EndedChats) -> None:
    def moments() -> list[tuple[float, int]]:
        told = [line.split() for _, line in ended_chats.heard.all if "Lasting" in line]
        return [(float(moment), int(seconds)) for moment, seconds, *_ in told]

    await until(lambda: moments() and moments()[-1][0] - moments()[0][0] > 20, 40)
    for (earlier, seconds), (later, _) in zip(moments(), moments()[1:], strict=False):
        assert later - earlier < seconds / 2
