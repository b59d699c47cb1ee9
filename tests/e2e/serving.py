"""A real ``chatdesk serve`` on loopback, in its own process."""

import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tests.warm_program import WarmProgram


class Serving:
    """The process. It can be killed and started again on the same port, and held still for a moment.

    Its history is in a folder of its own, which is there for as long as the context is open. ``errors`` is where its
    standard error goes, if not to that of the tests.
    """

    def __init__(self, *options: str, errors: IO[str] | None = None) -> None:
        self._options = options
        self._errors = errors
        self._process: WarmProgram | None = None
        self._folders = tempfile.TemporaryDirectory(prefix="chatdesk-")
        self._lost = 0
        self.url = ""
        """The address of the page, such as ``http://127.0.0.1:49152``."""

    @property
    def port(self) -> int:
        """Host and port on which it listens."""
        return int(self.url.rpartition(":")[2])

    @property
    def websocket(self) -> str:
        """The address of the WebSocket, such as ``ws://127.0.0.1:49152/ws``."""
        return self.url.replace("http", "ws") + "/ws"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process:
            self.resume()
            self._end(signal.SIGTERM)
        self._folders.cleanup()

    @property
    def folder(self) -> Path:
        """The folder of its history."""
        return Path(self._folders.name) / str(self._lost)

    def lose_history(self) -> None:
        """Use an empty history from the next start on."""
        self._lost += 1

    def find_history(self) -> None:
        """Use the earlier history again from the next start on."""
        self._lost -= 1

    def start(self) -> None:
        """Start; after a kill, on the same port again."""
        self.launch()
        self.wait_until_open()

    def launch(self) -> None:
        """Start the process without waiting until it listens."""
        port = found if (found := self.url.rpartition(":")[2]).isdecimal() else "0"
        where = ("--bind", "127.0.0.1", "--port", port, "--data-dir", str(self.folder))
        self._process = WarmProgram(
            "serve", *where, *self._options, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )

    def wait_until_open(self) -> None:
        """Return when it has printed its address."""
        stdout = self._running.stdout
        assert stdout
        line = stdout.readline()
        assert line, "the server has not started"
        self.url = line.split()[-1]

    def kill(self) -> None:
        """Kill it without notice, as when the machine loses power."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop it as Ctrl-C does: all clients are notified."""
        self._end(signal.SIGINT)

    def terminate(self) -> None:
        """End it as a service manager does: where it has others, it sends its people there."""
        self._end(signal.SIGTERM)

    def hold(self) -> None:
        """Suspend the process until ``resume``."""
        self._running.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Continue it after ``hold``."""
        self._running.send_signal(signal.SIGCONT)

    @property
    def _running(self) -> WarmProgram:
        assert self._process, "the server does not run"
        return self._process

    def _end(self, how: signal.Signals) -> None:
        process = self._running
        with process:
            process.send_signal(how)
            process.wait(10)
        self._process = None
