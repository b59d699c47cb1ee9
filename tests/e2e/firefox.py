"""Debian's Firefox, driven by its built-in protocol Marionette, which is WebDriver over a plain socket."""

import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.e2e.webdriver import PATIENCE
from tests.needs import needs

PREFERENCES = {
    "marionette.port": 0,  # a free one; Firefox writes it into the profile
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "app.normandy.enabled": False,
    "extensions.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "media.gmp-manager.url": "data:,",
}


@needs("browser")
class Firefox:
    """The browser in headless mode with its own profile, running while the context is open."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="firefox-")
        profile = Path(self._folder.name)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("".join(lines))
        command = ["firefox-esr", "--headless", "--no-remote", "--marionette", "--profile", str(profile)]
        environment = {**os.environ, "HOME": str(profile), "MOZ_HEADLESS_WIDTH": "1280", "MOZ_HEADLESS_HEIGHT": "900"}
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        self._socket = socket.create_connection(("127.0.0.1", self._port(profile / "MarionetteActivePort")), PATIENCE)
        self._stream = self._socket.makefile("rb")
        self._receive()  # the greeting
        self._number = 0
        self.command("NewSession")
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stream.close()
        self._socket.close()
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._folder.cleanup()

    def command(self, name: str, **parameters: Any) -> Any:
        """Execute a command and return its value."""
        self._number += 1
        packet = json.dumps([0, self._number, f"WebDriver:{name}", parameters]).encode()
        self._socket.sendall(f"{len(packet)}:".encode() + packet)
        _, _, error, result = self._receive()
        assert error is None, f"{name}: {error}"
        return result["value"] if set(result) == {"value"} else result

    def _port(self, file: Path) -> int:
        end = time.monotonic() + 3 * PATIENCE
        while not (file.exists() and file.read_text()):
            assert self._process.poll() is None, "Firefox has ended"
            assert time.monotonic() < end, "Firefox does not listen"
            time.sleep(0.05)
        return int(file.read_text())

    def _receive(self) -> Any:
        length = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox has closed the connection"
            length += byte
        return json.loads(self._stream.read(int(length)))
