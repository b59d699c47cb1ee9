"""The Wayland compositor Weston, without monitor, mouse or keyboard."""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.needs import needs

_SECONDS = 20  # to start, on a busy machine


@needs("window")
class Weston:
    """The compositor with one output of this size, running while the context is open."""

    def __init__(self, width: int = 1280, height: int = 900) -> None:
        self._size = width, height

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="chatdesk-weston-")
        self.runtime = Path(self._folder.name)
        width, height = self._size
        command = ["weston", "--backend=headless-backend.so", "--use-pixman", "--no-config", "--debug"]
        command += ["--socket=wayland-test", f"--width={width}", f"--height={height}"]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + _SECONDS
        while not (self.runtime / "wayland-test").exists():
            assert self.process.poll() is None, "Weston did not start"
            assert time.monotonic() < end, "Weston never opened its socket"
            time.sleep(0.05)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.die()
        self._folder.cleanup()

    def die(self) -> None:
        """Kill the compositor, as a crash would."""
        self.process.kill()
        self.process.wait(10)

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for a program that can appear only here."""
        elsewhere = ("DISPLAY", "QT_QPA_PLATFORM", "WAYLAND_SOCKET", "QT_WAYLAND_RECONNECT")
        own = {name: value for name, value in os.environ.items() if name not in elsewhere}
        return {**own, "XDG_RUNTIME_DIR": str(self.runtime), "WAYLAND_DISPLAY": "wayland-test"}

    def picture(self) -> Path:
        """Take a picture of the screen; the file is deleted with the context."""
        for old in self.runtime.glob("*.png"):
            old.unlink()
        subprocess.run(["weston-screenshooter"], cwd=self.runtime, env=self.environment, check=True, timeout=_SECONDS)
        (file,) = self.runtime.glob("*.png")
        return file
