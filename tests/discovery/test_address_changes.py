"""Addresses that come or go while a chat is open are reported once each, and not while they flicker."""

import subprocess
from collections.abc import Iterator

import pytest

from chatdesk.discovery.address_changes import AddressChange, AddressChanges
from chatdesk.discovery.addresses import web_url
from tests.discovery.chat_programs import serve
from tests.netns import Machine, Networks

A, B = "10.0.0.2", "10.0.0.3"


class Watched:
    """Addresses as they are read every second."""

    def __init__(self, *known: str) -> None:
        self._changes = AddressChanges(known, settle_seconds=2.0)
        self._now = 100.0

    def see(self, *there: str, seconds: int = 1) -> list[AddressChange]:
        """The changes that are reported in this time."""
        told: list[AddressChange] = []
        for _ in range(seconds):
            change = self._changes.update(there, self._now)
            self._now += 1.0
            if change.added or change.removed:
                told.append(change)
        return told


def test_a_lasting_change_is_reported_once() -> None:
    watched = Watched(A)
    assert watched.see(A, B, seconds=10) == [AddressChange((B,), (), (A, B))]
    assert watched.see(B, seconds=10) == [AddressChange((), (A,), (B,))]
    assert watched.see(B, A, seconds=20) == [AddressChange((A,), (), (B, A))]


def test_short_absences_and_appearances_are_not_reported() -> None:
    watched = Watched(A)
    for _ in range(10):
        assert watched.see(seconds=2) == watched.see(A) == watched.see(A, B, seconds=2) == watched.see(A) == []


def test_a_flickering_address_is_reported_ever_more_seldom() -> None:
    watched = Watched(A)
    told = [len(watched.see(seconds=5)) + len(watched.see(A, seconds=5)) for _ in range(100)]
    assert sum(told) < 5


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A computer in a network."""
    with Networks() as networks:
        made = networks.machine()
        made.plug(networks.lan(), "10.77.1.2/24")
        yield made


def lines(process: "subprocess.Popen[str]", number: int) -> list[str]:
    assert process.stdout
    return [process.stdout.readline().rstrip("\n") for _ in range(number)]


def test_a_server_prints_them_in_both_families(machine: Machine) -> None:
    process = serve(machine, "Workshop", "--no-discovery")
    machine.add_address("eth0", "fd77::2/64")
    assert lines(process, 1) == ["ChatDesk is open at http://[fd77::2]:8080"]
    machine.run(["ip", "address", "flush", "dev", "eth0", "scope", "global"])
    assert sorted(lines(process, 2)) == [
        "ChatDesk is no longer open at http://10.77.1.2:8080",
        "ChatDesk is no longer open at http://[fd77::2]:8080",
    ]
    machine.add_address("eth0", "10.77.1.9/24")
    assert lines(process, 1) == ["ChatDesk is open at http://10.77.1.9:8080"]
    process.terminate()
    output, _ = process.communicate(timeout=10)
    assert output == "", "each once"


def test_when_the_given_address_goes_another_is_given(machine: Machine) -> None:
    machine.add_address("eth0", "fd77::2/64")
    process = serve(machine, "Workshop", "--no-discovery")
    machine.run(["ip", "address", "del", "10.77.1.2/24", "dev", "eth0"])
    assert lines(process, 2) == [
        "ChatDesk is no longer open at http://10.77.1.2:8080",
        "ChatDesk is open at http://[fd77::2]:8080",
    ]


@pytest.mark.parametrize(
    ("bind", "own", "comes", "missing"),
    [
        ("::", (), "fd77::2", "address in a network"),
        ("0.0.0.0", ("fd77::2/64",), "10.77.1.2", "IPv4 address in a network, and --bind 0.0.0.0 leaves out IPv6"),
    ],
)
def test_without_a_network_it_says_so_and_prints_the_address_once_there_is_one(
    bind: str, own: tuple[str, ...], comes: str, missing: str
) -> None:
    with Networks() as networks:
        machine = networks.machine()
        machine.plug(networks.lan(), *own)
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        process = machine.chatdesk("serve", "--in-memory", "--no-discovery", "--bind", bind, **streams)
        first, second = lines(process, 2)
        assert first == "ChatDesk is open at http://127.0.0.1:8080"
        assert second == (
            f"Others cannot join yet: this computer has no {missing}. An address is printed once there is one."
        )
        machine.add_address("eth0", f"{comes}/64" if ":" in comes else f"{comes}/24")
        assert lines(process, 1) == [f"ChatDesk is open at {web_url(comes, 8080)}"]
