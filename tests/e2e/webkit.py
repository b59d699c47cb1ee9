"""Debian's WebKitGTK, Safari's engine, driven by WebKitWebDriver: its Mini Browser on a screen of its own."""

import json
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.e2e.screen import Screen
from tests.e2e.webdriver import PATIENCE
from tests.needs import needs

PATHS = {
    "Navigate": "/url",
    "ExecuteScript": "/execute/sync",
    "ElementClick": "/element/{id}/click",
    "ElementSendKeys": "/element/{id}/value",
    "PerformActions": "/actions",
    "GetWindowRect": "/window/rect",
    "SetWindowRect": "/window/rect",
    "GetWindowHandle": "/window",
    "SwitchToWindow": "/window",
    "CloseWindow": "/window",
    "NewWindow": "/window/new",
}
METHODS = {"GetWindowRect": "GET", "GetWindowHandle": "GET", "CloseWindow": "DELETE"}
"""The methods of commands that are not sent with POST."""


@needs("browser")
class WebKit:
    """The browser, running while the context is open. Its locale is ``C``, so it reports no valid language."""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            screen = stack.enter_context(Screen())
            home = stack.enter_context(tempfile.TemporaryDirectory(prefix="webkit-"))
            own = {"HOME": home, "XDG_RUNTIME_DIR": home, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
            as_root = {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
            port = free_port()
            command = ["WebKitWebDriver", f"--port={port}"]
            driver = stack.enter_context(subprocess.Popen(command, env={**screen.environment, **own, **as_root}))
            stack.callback(driver.terminate)
            wait_for(port)
            self._session = f"http://127.0.0.1:{port}/session"
            identity = self._ask("POST", "", capabilities())["sessionId"]
            self._session += f"/{identity}"
            stack.callback(self._ask, "DELETE", "")
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def command(self, name: str, **parameters: Any) -> Any:
        """Execute a command and return its value."""
        path = PATHS[name].format(**parameters)
        method = METHODS.get(name, "POST")
        return self._ask(method, path, parameters if method == "POST" else None)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._session + path, data, method=method)
        with urllib.request.urlopen(request, timeout=3 * PATIENCE) as answer:
            return json.load(answer)["value"]


def capabilities() -> dict[str, Any]:
    """Return the path of the browser to drive, which lies beside the engine."""
    binary = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    options = {"binary": str(binary), "args": ["--automation"]}
    return {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}


def free_port() -> int:
    """Return a free port, since the driver does not report one that it chooses itself."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Return when a process listens on the port."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), PATIENCE).close()
        except ConnectionRefusedError:
            assert time.monotonic() < end, "WebKitWebDriver does not listen"
            time.sleep(0.05)
        else:
            return
