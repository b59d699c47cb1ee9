"""The real Orca in its own desktop session; its words are read from its log."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import tty
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.debian import Debian
from tests.e2e.screen import Screen
from tests.e2e.window import Window

ORCA_48 = {"release": "trixie", "packages": ("orca", "x11-xkb-utils")}
"""The Debian release with a newer Orca than that of this machine."""

_SPOKEN = re.compile(r"SPEECH OUTPUT: '(.*?)'(?: ?[\[{][^\n]*)?$", re.MULTILINE | re.DOTALL)
_APART = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
"""Orca looks for other instances and gives way to them; programs started by a bus end with it."""


class Session(Screen):
    """A screen with a session bus, on which the accessibility bus starts when a program asks for it."""

    def __enter__(self) -> Self:
        super().__enter__()
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-session-"))
        self.bus = f"unix:abstract=chatdesk-session-{self._process.pid}"
        self._daemon = subprocess.Popen(
            [*_APART, "dbus-daemon", "--session", "--nofork", "--print-address", f"--address={self.bus}"],
            env={**os.environ, **self.places},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._daemon.stdout
        assert self._daemon.stdout.readline().startswith(self.bus)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._daemon.kill()
        self._daemon.communicate(timeout=10)
        super().__exit__(exc_type, exc, traceback)
        shutil.rmtree(self.folder)

    @property
    def places(self) -> dict[str, str]:
        """The environment variables of the session."""
        home = str(self.folder)
        return {
            "DISPLAY": self.display,
            "DBUS_SESSION_BUS_ADDRESS": self.bus,
            "XDG_RUNTIME_DIR": home,
            "HOME": home,
            "GSETTINGS_BACKEND": "memory",
        }

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for a program on this screen."""
        return {**super().environment, **self.places}


class WindowInSession(Window):
    """A window in a session, which stays open when the window is closed."""

    def __init__(self, session: Session, home: str, *arguments: str) -> None:
        super().__init__(session.folder / home, *arguments, screen=session)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGKILL)


class Orca:
    """Orca, which reads the session while the context is open, without sound: it reaches no synthesizer.

    It is this machine's Orca, or that of ``debian``, which must share the session's folder.
    """

    def __init__(self, session: Session, debian: Debian | None = None) -> None:
        self._session, self._debian = session, debian
        self._log = bytearray()
        self._from = 0

    def __enter__(self) -> Self:
        reading, writing = os.openpty()  # Orca would write to a file in blocks; a terminal gets each line at once
        tty.setraw(writing)
        self._process = self._start(["orca", f"--debug-file={os.ttyname(writing)}"])
        self._reader = threading.Thread(target=self._read, args=(reading,))
        self._reader.start()
        self._writing = writing
        self.wait_for("Screen reader on")
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait(10)
        os.close(self._writing)
        self._reader.join(10)

    @property
    def log(self) -> str:
        """The log since the last call of ``listen``."""
        return self._log[self._from :].decode(errors="replace")

    @property
    def spoken(self) -> list[str]:
        """The utterances since the last call of ``listen``."""
        return [match[1] for match in _SPOKEN.finditer(self.log)]

    def listen(self) -> None:
        """Discard the utterances so far."""
        self._from = len(self._log)

    def wait_for(self, *phrases: str, seconds: float = 30) -> list[str]:
        """Wait until all of these have been said, in one utterance or several; returns all that was said."""
        end = time.monotonic() + seconds
        while True:
            spoken = self.spoken
            missing = [phrase for phrase in phrases if not any(phrase in words for words in spoken)]
            if not missing:
                return spoken
            assert time.monotonic() < end, f"never said {missing}, but {spoken}"
            assert self._process.poll() is None, f"Orca has ended: {self.log}"
            time.sleep(0.05)

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        places = {**self._session.places, "SPEECHD_CMD": "nothing"}
        streams: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
        }
        if self._debian:
            return subprocess.Popen(self._debian.command(command, "root", places), **streams)
        return subprocess.Popen([*_APART, *command], env={**os.environ, **places}, **streams)

    def _read(self, log: int) -> None:
        """Read the log until no process has it open for writing."""
        with contextlib.suppress(OSError):
            while part := os.read(log, 65536):
                self._log += part
        os.close(log)
