"""A window finds a chat by itself, joins it with one click, and removes it when the host has gone."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatdesk.desktop.theme import load_tokens
from tests.e2e.window import Window
from tests.netns import Machine, Networks

_LAMP = load_tokens()["color"]["light"]["lamp-halo"]
"""The pale ring of the lamp: on the start screen only open rooms have it."""
_FIRST_ROW = (640, 252)
_ELSEWHERE = (500, 40)
"""A position over nothing, since a row under the pointer is not removed."""
_ADDRESS = (600, 547)
_LOOK_HARDER = (790, 251)
_HOST = "10.77.1.3"
_CODE = "acorn-3"
_NAME = "Robotics Workshop"


@pytest.fixture
def machines() -> Iterator[tuple[Machine, Machine]]:
    """The window's computer and the host's, in one network."""
    with Networks() as networks:
        lan, here, there = networks.lan(), networks.machine(), networks.machine()
        here.plug(lan, "10.77.1.2/28")
        there.plug(lan, f"{_HOST}/28")
        yield here, there


class Host:
    """A real ``chatdesk serve`` with a stored history."""

    def __init__(self, machine: Machine, folder: Path, *options: str) -> None:
        self._machine, self._folder = machine, folder
        where = ("--data-dir", str(folder), "--name", _NAME)
        command = [sys.executable, "-m", "chatdesk", "serve", *where, *options]
        self.process = machine.popen(command, stdout=subprocess.PIPE, text=True)
        assert "open at" in self.process.stdout.readline()

    def wait_until_heard(self, text: str) -> None:
        """Wait until this message is in its history; a window shows what it says before the host has it."""
        end = time.monotonic() + 20
        while text not in self._history():
            assert time.monotonic() < end, f"the host never heard {text!r}"

    def _history(self) -> str:
        command = [sys.executable, "-m", "chatdesk", "export", "--data-dir", str(self._folder), "--format", "csv", "-"]
        return self._machine.run(command, capture_output=True, text=True).stdout


@pytest.fixture
def window(machines: tuple[Machine, Machine], tmp_path: Path) -> Iterator[Window]:
    with Window(tmp_path / "window", machine=machines[0]) as opened:
        opened.wait_for_title("ChatDesk")
        opened.screen.point(*_ELSEWHERE)
        yield opened


def test_a_host_appears_vanishes_when_killed_and_back_again_is_joined_by_a_click_and_hears_what_is_said(
    machines: tuple[Machine, Machine], window: Window, tmp_path: Path
) -> None:
    killed = Host(machines[1], tmp_path / "host")
    window.wait_for_color(_LAMP)
    killed.process.kill()
    window.wait_for_color(_LAMP, seen=False)
    host = Host(machines[1], tmp_path / "host")
    window.wait_for_color(_LAMP)
    window.screen.click(*_FIRST_ROW)
    window.wait_for_title(_NAME)
    window.say("Good morning from over here")
    window.wait_for("Good morning from over here")
    host.wait_until_heard("Good morning from over here")
    assert window.end(signal.SIGTERM) == (0, "")


def test_a_code_is_joined_where_nothing_is_announced(
    machines: tuple[Machine, Machine], window: Window, tmp_path: Path
) -> None:
    Host(machines[1], tmp_path / "host", "--no-discovery")
    window.screen.click(*_ADDRESS)
    window.screen.type(_CODE)
    window.screen.press("Return")
    window.wait_for_title(_NAME)


@pytest.mark.slow
def test_looking_harder_finds_who_is_not_announced(
    machines: tuple[Machine, Machine], window: Window, tmp_path: Path
) -> None:
    Host(machines[1], tmp_path / "host", "--no-discovery")
    window.wait_for_color(load_tokens()["color"]["light"]["accent-soft"])  # only the button has this colour
    window.screen.click(*_LOOK_HARDER)
    window.wait_for_color(_LAMP)
    window.screen.click(*_FIRST_ROW)
    window.wait_for_title(_NAME)
