"""The networks that tests make are what they say."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.netns import Machine, Networks


@pytest.fixture
def networks() -> Iterator[Networks]:
    with Networks() as made:
        yield made


def reaches(machine: Machine, address: str) -> bool:
    """Whether there is somebody at an address: a port that nobody listens on is refused, by that very machine."""
    connect = f"import socket; socket.create_connection(({address!r}, 9), 1)"
    said = machine.run(["python3", "-c", connect], check=False, capture_output=True, text=True).stderr
    return "ConnectionRefusedError" in said


def test_machines_in_one_lan_reach_each_other_until_one_is_unplugged(networks: Networks) -> None:
    lan, one, other = networks.lan(), networks.machine(), networks.machine()
    one.plug(lan, "10.77.1.2/24", "fd77::2/64")
    other.plug(lan, "10.77.1.3/24", "fd77::3/64")
    assert reaches(one, "10.77.1.3")
    assert reaches(one, "fd77::3")
    other.unplug(lan)
    assert not reaches(one, "10.77.1.3")


def test_lans_are_apart_and_guests_can_be_kept_apart(networks: Networks) -> None:
    lan, elsewhere = networks.lan(), networks.lan()
    one, other, far = networks.machine(), networks.machine(), networks.machine()
    one.plug(lan, "10.77.1.2/24")
    other.plug(lan, "10.77.1.3/24")
    far.plug(elsewhere, "10.77.1.4/24")
    assert not reaches(one, "10.77.1.4")
    assert reaches(one, "10.77.1.3")
    lan.isolate(one, other)
    assert not reaches(one, "10.77.1.3")


def test_nothing_of_this_machine_is_seen_in_there(networks: Networks) -> None:
    machine = networks.machine()
    machine.plug(networks.lan(), "10.9.0.2/24", name="tun0")
    said = machine.run(["ip", "-o", "link"], capture_output=True, text=True).stdout
    assert {line.split(":")[1].strip().partition("@")[0] for line in said.splitlines()} == {"lo", "tun0"}


def test_whatever_was_started_in_there_ends_with_it() -> None:
    with Networks() as networks:
        child = 'import subprocess; print(subprocess.Popen(["sleep", "60"]).pid, flush=True); input()'
        parent = networks.machine().popen(["python3", "-c", child], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        number = int(parent.stdout.readline())
        assert Path(f"/proc/{number}/exe").exists()
    assert not Path(f"/proc/{number}/exe").exists()
