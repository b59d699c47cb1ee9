"""The installed program, run by the Debian's user: its window on a screen, its server in a terminal."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol

from tests.debian import Debian, child_of
from tests.e2e.window import Window

CHAT = "Robotics Workshop"
_HOST = ("host", "--bind", "127.0.0.1", "--port", "0", "--name", CHAT, "--nickname", "Mara Lindqvist")


class InstalledWindow(Window):
    """A window of the program installed in a Debian, or of another program there."""

    def __init__(self, debian: Debian, *arguments: str, program: str = "chatdesk", home: str = "") -> None:
        super().__init__(Path(), program, *arguments)
        self._debian, self._places = debian, {"HOME": home} if home else {}

    def start(self) -> None:
        """Start the program."""
        screen = {"DISPLAY": self.screen.display}
        self.process = self._debian.popen(*self._arguments, **screen, **self._places)

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.end()  # if it were killed, the program as one file would leave the unpacked process behind
        super().__exit__(exc_type, exc, traceback)

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; returns the exit code and the program's standard error."""
        send(self.process, how)
        return self.wait_until_gone()


class OpenWindow(Protocol):
    """Opens a window of a program, with settings and data in a home folder."""

    def __call__(self, *arguments: str, program: str = ..., home: str = ...) -> InstalledWindow: ...


def host_in(open_window: OpenWindow) -> InstalledWindow:
    """Return a visible window that hosts a chat."""
    window = open_window(*_HOST)
    window.wait_for_address()
    window.wait_for_title(CHAT)
    return window


def send(process: subprocess.Popen[str], how: signal.Signals) -> None:
    """Send a signal to the child of a process, if it is still running."""
    with suppress(ProcessLookupError, ValueError, FileNotFoundError):
        os.kill(child_of(process), how)
