"""A window that hosts while its computer changes networks: it always shows an address that works."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.peer import Peer
from tests.e2e.window import Window
from tests.netns import Machine, Networks, inside

_PLATE = (110, 89)
_INVITE = (228, 89)
_TO_NETWORK = ("Tab",) * 3
"""Keys that lead from the copy button of the address past those of the code and of the WebSocket."""


class HostWithNetworks:
    """A computer that hosts in a window, and the networks that it may join."""

    def __init__(self, networks: Networks, folder: Path) -> None:
        self.networks = networks
        self.lan, self.other = networks.lan(), networks.lan()
        self.machine = networks.machine()
        self.machine.plug(self.lan, "10.77.1.2/24", name="wlan0")
        arguments = ("host", "--no-discovery", "--name", "Robotics Workshop", "--nickname", "Mara")
        self.window = Window(folder, *arguments, machine=self.machine)

    @contextmanager
    def open(self) -> Iterator[Window]:
        """Start hosting, at first in the network of the Wi-Fi."""
        with self.window as window:
            assert window.wait_for_address() == "http://10.77.1.2:8080"
            window.wait_for_title("Robotics Workshop")
            self.wait_for("http://10.77.1.2:8080")
            yield window

    def guest(self, address: str) -> Machine:
        """Return another person's computer in the other network."""
        machine = self.networks.machine()
        machine.plug(self.other, address)
        return machine

    def copied(self) -> str:
        """Return what a click on the address card copies, the address that it shows."""
        self.window.screen.click(*_PLATE)
        return self.window.screen.clipboard()

    def wait_for(self, url: str) -> None:
        """Wait until the address card shows this."""
        end = time.monotonic() + 45
        while (copied := self.copied()) != url:
            assert time.monotonic() < end, f"the plate shows {copied}, not {url}"
            time.sleep(0.1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[HostWithNetworks]:
    with Networks() as networks:
        yield HostWithNetworks(networks, tmp_path)


def test_the_address_follows_the_network_and_leads_in(house: HostWithNetworks) -> None:
    with house.open() as window:
        house.machine.unplug(house.lan)
        window.say("Said without a network")
        window.wait_for("Said without a network")
        house.machine.plug(house.other, "10.77.7.3/24", name="wlan0")
        assert window.wait_for_address() == "http://10.77.7.3:8080"
        house.wait_for("http://10.77.7.3:8080")
        with inside(house.guest("10.77.7.9/24")), Peer("ws://10.77.7.3:8080/ws", "Kit") as kit:
            kit.say("I came by the new address")
            window.wait_for("Said without a network", "I came by the new address")
            window.say("Welcome")
            kit.hear("Welcome")


def test_another_network_is_chosen_and_is_taken_again_when_it_is_back(house: HostWithNetworks) -> None:
    house.machine.plug(house.other, "10.77.7.3/24", name="tun0")
    with house.open() as window:
        window.screen.click(*_INVITE)
        window.screen.press(*_TO_NETWORK, "Return", "Down", "Down", "Return")
        assert window.wait_for_address() == "http://10.77.7.3:8080"
        window.screen.press("Escape")
        house.wait_for("http://10.77.7.3:8080")
        house.machine.unplug(house.other)
        assert window.wait_for_address() == "http://10.77.1.2:8080"
        house.machine.plug(house.other, "10.77.7.3/24", name="tun0")
        assert window.wait_for_address() == "http://10.77.7.3:8080"
        house.wait_for("http://10.77.7.3:8080")
        assert window.end(signal.SIGTERM) == (0, "")
