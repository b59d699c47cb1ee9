"""A real ``chatdesk serve`` on loopback, in a process of its own."""

import os
import signal
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.forkserver import Forked


class Serving:
    """The process. It can be killed and started again on the same port, and held still for a moment.

    Its history is in a folder of its own, which is there for as long as the context is open.
    """

    def __init__(self, *options: str) -> None:
        self._options = options
        self._process: Forked | None = None
        self._folders = tempfile.TemporaryDirectory(prefix="chatdesk-")
        self._lost = 0
        self.url = ""
        """Where the page is, such as ``http://127.0.0.1:49152``."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    @property
    def websocket(self) -> str:
        """Where the chat is, such as ``ws://127.0.0.1:49152/ws``."""
        return self.url.replace("http", "ws") + "/ws"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self.resume()
            self._end(signal.SIGTERM)
        self._folders.cleanup()

    @property
    def folder(self) -> Path:
        """Where its history is."""
        return Path(self._folders.name) / str(self._lost)

    def lose_history(self) -> None:
        """From the next start on it knows nothing of before."""
        self._lost += 1

    def find_history(self) -> None:
        """From the next start on it knows again what it had lost."""
        self._lost -= 1

    def start(self) -> None:
        """Start; again on the same port after a kill."""
        self.launch()
        self.wait_until_open()

    def launch(self) -> None:
        """Begin to start."""
        port = self.url.rpartition(":")[2] or "0"
        where = ("--bind", "127.0.0.1", "--port", port, "--data-dir", str(self.folder))
        self._process = Forked("serve", *where, *self._options)

    def wait_until_open(self) -> None:
        """Return when it has said where it is."""
        self.url = self._running.stdout.readline().split()[-1]

    def kill(self) -> None:
        """End it without a chance to say so, as when the machine loses its power."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as Ctrl-C does: everyone is told."""
        self._end(signal.SIGINT)

    def hold(self) -> None:
        """Let it do nothing until ``resume``."""
        os.kill(self._running.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        os.kill(self._running.pid, signal.SIGCONT)

    @property
    def _running(self) -> Forked:
        assert self._process, "the server does not run"
        return self._process

    def _end(self, how: signal.Signals) -> None:
        process = self._running
        process.send_signal(how)
        process.communicate(timeout=10)
        self._process = None
