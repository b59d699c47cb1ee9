"""IBus with a Chinese input method, on a screen of a test's own."""

import os
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.e2e.screen import Screen

_ENGINE = "libpinyin"
_SECONDS = 90
_ONE_TRY = 30


class Ibus(Screen):
    """A screen whose keys go through the input method, for programs with this folder as their home."""

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
        except BaseException:  # a test that is given up here leaves nothing running either
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.killpg(self._daemon.pid, signal.SIGTERM)
        self._daemon.wait(10)
        super().__exit__(kind, error, trace)

    @property
    def environment(self) -> dict[str, str]:
        """As a session has it in which IBus is the input method."""
        folders = {f"XDG_{kind}_HOME": str(self._home) for kind in ("CONFIG", "CACHE", "DATA")}
        own = {"HOME": str(self._home), "GSETTINGS_BACKEND": "memory", "QT_IM_MODULE": "ibus"}
        return {**super().environment, **folders, **own}

    def _wait_for_engine(self) -> None:
        end = time.monotonic() + _SECONDS
        while not self._turn_on():
            assert time.monotonic() < end, "IBus never had its input method"
            time.sleep(0.2)

    def _turn_on(self) -> bool:
        self._ibus("engine", _ENGINE)  # it calls that a failure where the keyboard's layout cannot be set
        return self._ibus("engine") == _ENGINE

    def _ibus(self, *arguments: str) -> str:
        command = ["timeout", str(_ONE_TRY), "ibus", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout.strip()
