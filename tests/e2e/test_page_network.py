"""The page on a real network that fails: a pulled cable, and one that seems to be plugged in."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.e2e.browser import CHROMIUM, SWITCHES, ChatPage
from tests.e2e.peer import Peer
from tests.netns import Lan, Machine, Networks, inside

SERVE = (sys.executable, "-m", "chatdesk", "serve", "--in-memory", "--no-discovery")
HOST = "10.77.1.1"


class HostAndGuest:
    """A host, and a guest with a browser on another computer of the network."""

    def __init__(self, networks: Networks) -> None:
        self.lan: Lan = networks.lan()
        self.host, self.guest = self._machine(networks, HOST), self._machine(networks, "10.77.1.2")
        server = self.host.popen(SERVE, stdout=subprocess.PIPE, text=True)
        assert server.stdout
        server.stdout.readline()

    def _machine(self, networks: Networks, address: str) -> Machine:
        machine = networks.machine()
        machine.plug(self.lan, f"{address}/24")
        return machine

    def browser(self, folder: Path) -> Path:
        """A script that starts the browser on the guest's computer."""
        script = folder / "chromium"
        script.write_text(f'#!/bin/sh\nexec {" ".join(self.guest.command([CHROMIUM]))} "$@"\n')
        script.chmod(0o755)
        return script

    def set_interface(self, state: str) -> None:
        """Unplug the guest's cable or plug it in: the guest's computer notices."""
        subprocess.run(["ip", "-n", self.guest.namespace, "link", "set", "eth0", state], check=True)

    def set_switch(self, *state: str) -> None:
        """Cut the guest off at the switch or connect it again: the guest's computer does not notice."""
        port = self.guest.ports[self.lan]
        subprocess.run(["ip", "-n", self.lan.namespace, "link", "set", port, *state], check=True)


@pytest.fixture
def house() -> Iterator[HostAndGuest]:
    with Networks() as networks:
        yield HostAndGuest(networks)


@pytest.mark.browser
def test_a_network_that_goes_and_comes_back(house: HostAndGuest, tmp_path: Path) -> None:
    """The page reports it at once if the computer notices, otherwise at the next event; the others are not told.

    Otherwise it would find out after twenty seconds of silence, which is more than the tests wait for.
    """
    with (
        inside(house.host),
        Peer("ws://127.0.0.1:8080/ws", "Mara") as mara,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=str(house.browser(tmp_path)), args=SWITCHES) as browser,
        browser.new_context() as context,
    ):
        kit = ChatPage(context, f"http://{HOST}:8080/").join("Kit")
        status, banner = kit.find("#chat-status"), kit.find("#banner")
        house.set_interface("down")
        expect(status).to_have_text("Not connected")
        expect(banner).to_contain_text("You are offline.")
        house.set_interface("up")
        expect(banner).to_have_text("Back online. Nothing was missed.")
        house.set_switch("nomaster")
        before = len(kit.sent)
        kit.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(status).to_have_text("Not connected")
        assert [command["type"] for command in kit.sent[before:]] == ["ping"], "a page that is shown asks once"
        house.set_switch("master", "switch")
        expect(status).to_have_text("Open")
        kit.send("Back")
        told = []
        while not told or told[-1].get("content") != "Back":
            told.append(mara.wait_for(lambda _: True))
        assert [(event["type"], event["nickname"]) for event in told if event["type"].startswith("user_")] == [
            ("user_joined", "Mara"),
            ("user_joined", "Kit"),
        ]
