"""The program without the time that it takes to import it: processes forked from one that has done so once.

A `Forked` is the program with arguments, environment, standard streams, signals and a process id of its own; its
methods are those of ``subprocess.Popen``. That the program also starts from nothing is what test_headless.py and
test_app.py are for; this is for tests that need many of them.
"""

import atexit
import contextlib
import gc
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_LONGEST = 1 << 20
"""Bytes of a request: arguments and environment, of which Linux takes some 100 KB for one string alone."""

_servers: dict[tuple[tuple[str, ...], bool], "_ForkServer"] = {}
"""By the flags of their Python, and whether they have imported what a window takes."""


class Forked:
    """A running ``python FLAGS -m MODULE ARGUMENTS``. Its error output is the test's own, unless ``errors``."""

    def __init__(
        self,
        *arguments: str,
        module: str = "chatdesk",
        flags: tuple[str, ...] = (),
        window: bool = False,
        env: Mapping[str, str] | None = None,
        errors: bool = False,
    ) -> None:
        server = _servers.get((flags, window)) or _servers.setdefault((flags, window), _ForkServer(flags, window))
        self.args = [module, *arguments]
        self.returncode: int | None = None
        self._readers: list[tuple[threading.Thread, list[str]]] = []
        self.stdout, out = _pipe()
        self.stderr: io.TextIOWrapper | None
        self.stderr, err = _pipe() if errors else (None, os.dup(2))
        self._status, status = os.pipe()
        with Path(os.devnull).open() as null:
            request = {"module": module, "arguments": arguments, "env": dict(os.environ if env is None else env)}
            self.pid = server.fork(request, null.fileno(), out, err, status)
        for fd in (out, err, status):
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for stream in filter(None, (self.stdout, self.stderr)):
            stream.close()
        self.wait()

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; the exit code, or the negative number of the signal. Raises TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            said = os.read(self._status, 64)
            os.close(self._status)
            assert said, "the fork server has ended"
            self.returncode = os.waitstatus_to_exitcode(int(said))
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Read all that it prints and wait for its end; output and errors. Raises TimeoutExpired."""
        end = None if timeout is None else time.monotonic() + timeout
        if not self._readers:
            self._readers = [_reader(stream) for stream in (self.stdout, self.stderr) if stream]
        for thread, _ in self._readers:
            thread.join(end and max(0, end - time.monotonic()))
            if thread.is_alive():
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
        self.wait(end and max(0, end - time.monotonic()))
        output, *errors = ("".join(text) for _, text in self._readers)
        return output, "".join(errors)


class _ForkServer:
    """The process that forks, as seen by the one that asks it to. It ends with it."""

    def __init__(self, flags: Sequence[str], window: bool) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LONGEST)
        with theirs:
            command = [sys.executable, *flags, "-m", "tests.forkserver", str(theirs.fileno()), *["--window"][:window]]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL)
        atexit.register(self._end)

    def fork(self, request: Mapping[str, Any], *fds: int) -> int:
        """Have a process forked; its id."""
        socket.send_fds(self._socket, [json.dumps(request).encode()], fds)
        answer = self._socket.recv(64)
        assert answer, "the fork server has ended"
        return int(answer)

    def _end(self) -> None:
        self._socket.close()
        self._process.wait(10)


def _pipe() -> tuple[io.TextIOWrapper, int]:
    reading, writing = os.pipe()
    return os.fdopen(reading, encoding="utf-8"), writing


def _reader(stream: io.TextIOWrapper) -> tuple[threading.Thread, list[str]]:
    text: list[str] = []

    def read() -> None:
        with stream:
            text.append(stream.read())

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread, text


def _serve(requests: socket.socket) -> dict[str, Any] | None:
    """Fork for each request. Returns in each child, with the request; and in the parent in the end, with None."""
    statuses: dict[int, int] = {}
    """Where to say how a child has ended."""

    def reap(*_: object) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                with contextlib.suppress(BrokenPipeError):
                    os.write(statuses[ended[0]], b"%d" % ended[1])
                os.close(statuses.pop(ended[0]))

    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the children alone
    signal.signal(signal.SIGCHLD, reap)
    while True:
        data, fds, _, _ = socket.recv_fds(requests, _LONGEST, 4)
        if not data:
            return None
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # until it is known where to say it
        child = os.fork()
        if child:
            statuses[child] = fds.pop()
            requests.send(b"%d" % child)
        else:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, interrupt)
            for number, fd in enumerate(fds[:3]):
                os.dup2(fd, number)
            fds += statuses.values()
        for fd in fds:
            os.close(fd)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        if not child:
            request: dict[str, Any] = json.loads(data)
            return request


def _become(request: Mapping[str, Any]) -> None:
    """Be the program from here on."""
    import runpy

    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    sys.argv = ["", *request["arguments"]]
    sys.modules.pop(f"{request['module']}.__main__", None)  # it is imported as another one now
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


def main() -> None:
    """Import the program and fork, for those at the other end of the socket whose number is given."""
    import chatdesk.__main__

    if "--window" in sys.argv:
        import chatdesk.desktop.application
        import chatdesk.desktop.loop
        import chatdesk.desktop.qt_messages  # noqa: F401

    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        request = _serve(requests)
    if request:
        _become(request)


if __name__ == "__main__":
    main()
