"""ChatDesk's real window on its own screen, used with mouse and keyboard."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from Xlib import X
from Xlib.display import Display

from chatdesk.desktop.theme import load_tokens
from tests.e2e.screen import Screen
from tests.warm_program import STRICT, WarmProgram

_COMPOSER = (480, 780)  # in the window of its default size, as the other positions; left of its buttons
_TIMELINE = (840, 400)
_MENU = (140, 26)
_START_SECONDS = 60  # a busy machine takes ten times as long as an idle one
_WARNING = load_tokens()["color"]["light"]["warning"]
"""The colour of the icon in a confirm dialog, and of nothing else."""


class Machine(Protocol):
    """A separate computer, with its own network or clock."""

    def command(self, command: Sequence[str]) -> list[str]: ...


class Window:
    """The program with these arguments. ``url`` is the address that ``chatdesk host`` prints.

    Discovery is on only with a ``machine`` of its own, as it must never reach the real network. ``program`` is
    the module to run.
    """

    def __init__(
        self,
        home: Path,
        *arguments: str,
        machine: Machine | None = None,
        screen: Screen | None = None,
        program: str = "chatdesk",
    ) -> None:
        self.screen = screen or Screen()
        self.url = ""
        self._home, self._arguments, self._machine, self._program = home, arguments, machine, program

    def __enter__(self) -> Self:
        self.screen.__enter__()
        self.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGKILL)
        self.screen.__exit__(exc_type, exc, traceback)

    def start(self) -> None:
        """Start the program; after a kill, on the same screen."""
        home = {"HOME": self._home, "XDG_CONFIG_HOME": self._home, "XDG_DATA_HOME": self._home / "data"}
        environment = {**self.screen.environment, **{name: str(folder) for name, folder in home.items()}}
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        if self._program == "chatdesk" and not self._machine:
            start = partial(WarmProgram, *self._arguments, options=STRICT, windowed=True)
        else:
            command = [sys.executable, *STRICT, "-m", self._program, *self._arguments]
            start = partial(subprocess.Popen, self._machine.command(command) if self._machine else command)
        self.process: subprocess.Popen[str] = start(env=environment, **streams)

    def wait_for_address(self) -> str:
        """Wait until the window hosts."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert "open at" in line, (line, self.process.stderr and self.process.stderr.read())
        self.url = line.split()[-1]
        return self.url

    def wait_for_title(self, title: str) -> None:
        """Wait for a window with this title."""
        end = time.monotonic() + _START_SECONDS
        while not any(re.search(title, shown) for shown in self.screen.titles()):
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < end, f"no window {title!r} among {self.screen.titles()}"
            time.sleep(0.1)

    def open_menu(self) -> None:
        """Open the menu of the chat, and return when it is there: before, keys go to what has the focus."""
        end = time.monotonic() + _START_SECONDS
        self.screen.click(*_MENU)
        while not self.screen.has_popup():
            assert time.monotonic() < end, "the menu never opened"
            time.sleep(0.05)

    def choose(self, *keys: str) -> None:
        """Choose from an open menu by keys, and return when it has closed: it keeps what is pressed until then."""
        end = time.monotonic() + _START_SECONDS
        self.screen.press(*keys)
        while self.screen.has_popup():
            assert time.monotonic() < end, "the menu never closed"
            time.sleep(0.05)

    def wait_for_question(self) -> None:
        """Wait for a confirm dialog over the window."""
        self.wait_for_color(_WARNING)

    def say(self, text: str) -> None:
        """Write a message into the composer, and press Enter."""
        self.write(text)
        self.screen.press("Return")

    def write(self, text: str) -> None:
        """Write into the composer."""
        self.screen.click(*_COMPOSER)
        self.screen.type(text)

    def transcript(self) -> str:
        """Return the text of the timeline: select all, then Ctrl+C."""
        self.screen.click(*_TIMELINE)
        self.screen.press("ctrl+a", "ctrl+c")
        return self.screen.clipboard()

    def wait_for(self, *texts: str, seconds: float = 45) -> str:
        """Wait until the timeline contains all of these texts; returns its transcript."""
        end = time.monotonic() + seconds
        while True:
            transcript = self.transcript()
            missing = [text for text in texts if text not in transcript]
            if not missing:
                return transcript
            assert time.monotonic() < end, f"the window never showed {missing}:\n{transcript}"
            time.sleep(0.2)

    def wait_until_without(self, text: str, seconds: float = 45) -> None:
        """Wait until the timeline no longer contains this text."""
        end = time.monotonic() + seconds
        while text in (transcript := self.transcript()):
            assert time.monotonic() < end, f"the window still shows {text!r}:\n{transcript}"
            time.sleep(0.2)

    def wait_for_color(self, color: str, *, seen: bool = True, seconds: float = 45) -> None:
        """Wait until a pixel of the window has this colour or, with ``seen`` false, until none has."""
        wanted = bytes.fromhex(color.removeprefix("#"))[::-1]  # the X server's pixels begin with blue
        end = time.monotonic() + seconds
        while _is_on(self.screen.display, wanted) != seen:
            assert time.monotonic() < end, f"{color} was {'never' if seen else 'always'} to be seen"
            time.sleep(0.1)

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """Send a signal; returns the exit code and the program's standard error."""
        self.process.send_signal(how)
        return self.wait_until_gone()

    def wait_until_gone(self, seconds: float = 30) -> tuple[int, str]:
        """Wait for the program's end; returns the exit code and its standard error."""
        _, errors = self.process.communicate(timeout=seconds)
        return self.process.returncode, errors


def _is_on(display: str, color: bytes) -> bool:
    """Return whether a pixel of a screen has this colour."""
    connection = Display(display)
    screen = connection.screen()
    width, height = screen.width_in_pixels, screen.height_in_pixels
    data = screen.root.get_image(0, 0, width, height, X.ZPixmap, 0xFFFFFFFF).data
    connection.close()
    place = data.find(color)
    while place >= 0 and place % 4:  # not where a pixel begins
        place = data.find(color, place + 1)
    return place >= 0
