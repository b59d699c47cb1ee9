"""IBus with a Chinese input method, on its own screen."""

import os
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.e2e.screen import Screen

_ENGINE = "libpinyin"
_SECONDS = 90  # the first start builds a cache, which takes half a minute on a busy machine
_ONE_TRY = 30  # seconds; a command that the daemon misses while it starts waits without end


class Ibus(Screen):
    """A screen whose keys go through the input method, for programs that have this folder as their home."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._home = home

    def __enter__(self) -> Self:
        super().__enter__()
        command = ["dbus-run-session", "--", "ibus-daemon", "--panel", "disable"]
        quiet = subprocess.DEVNULL
        self._daemon = subprocess.Popen(
            command, env=self.environment, stdout=quiet, stderr=quiet, start_new_session=True
        )
        try:
            self._wait_for_engine()
        except BaseException:  # a test that is interrupted here leaves no process behind either
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.killpg(self._daemon.pid, signal.SIGTERM)
        self._daemon.wait(10)
        super().__exit__(exc_type, exc, traceback)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a session in which IBus is the input method."""
        folders = {f"XDG_{kind}_HOME": str(self._home) for kind in ("CONFIG", "CACHE", "DATA")}
        own = {"HOME": str(self._home), "GSETTINGS_BACKEND": "memory", "QT_IM_MODULE": "ibus"}
        return {**super().environment, **folders, **own}

    def _wait_for_engine(self) -> None:
        end = time.monotonic() + _SECONDS
        while not self._turn_on():
            assert time.monotonic() < end, "IBus never had its input method"
            time.sleep(0.2)

    def _turn_on(self) -> bool:
        self._ibus("engine", _ENGINE)  # it fails without a keyboard layout, and has set the engine all the same
        return self._ibus("engine") == _ENGINE

    def _ibus(self, *arguments: str) -> str:
        command = ["timeout", str(_ONE_TRY), "ibus", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout.strip()
