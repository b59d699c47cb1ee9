"""``chatdesk`` in processes that are forked from one which has loaded its modules and the page's files.

Loading them is most of what a start costs, and the tests of the page start hundreds of servers. What runs is the
program itself, with its own arguments, environment, signals and folders; tests of the start itself do without this.
"""

import atexit
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import IO, Any

_STDOUT, _STDERR = 1, 2
_NETWORK = Path("/proc/thread-self/ns/net")
"""Some tests have a network of their own, which a process gets from the one that starts it."""
_REQUEST_BYTES = 1 << 16
_PID_BYTES = 4


class Forked:
    """A process that was forked. It is no child of this one, which knows of its end by a file descriptor."""

    def __init__(self, pid: int, stdout: IO[str]) -> None:
        self.pid = pid
        self.stdout = stdout
        self._ended = os.pidfd_open(pid)

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        signal.pidfd_send_signal(self._ended, number)

    def wait(self, seconds: float) -> None:
        """Return when it has ended. Raises TimeoutError."""
        if not select.select([self._ended], [], [], seconds)[0]:
            raise TimeoutError(f"process {self.pid} has not ended within {seconds} s")
        os.close(self._ended)
        self.stdout.close()


def start(*arguments: str) -> Forked:
    """Start ``chatdesk`` with these arguments and this process's environment; its standard output is a pipe."""
    requests = _template(_NETWORK.stat().st_ino)
    read, write = os.pipe()
    request = json.dumps({"arguments": arguments, "environment": dict(os.environ), "folder": str(Path.cwd())})
    socket.send_fds(requests, [request.encode()], [write, _STDERR])
    os.close(write)
    pid = int.from_bytes(requests.recv(_PID_BYTES))
    return Forked(pid, os.fdopen(read, encoding="utf-8"))


@cache
def _template(_network: int) -> socket.socket:
    """Start the process that is forked, once for all tests in a network; it ends when this one ends."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "tests.e2e.warm_program", str(its.fileno())]
    process = subprocess.Popen(command, pass_fds=[its.fileno()])
    its.close()
    atexit.register(_end, process, ours)
    return ours


def _end(process: "subprocess.Popen[bytes]", requests: socket.socket) -> None:
    requests.close()
    process.wait()


def _fork_on_request(requests: socket.socket) -> None:
    from chatdesk.__main__ import main  # before the first fork, which is what this module is for

    _load_what_never_changes()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel forgets those that have ended
    gc.freeze()
    while True:
        data, streams, _flags, _address = socket.recv_fds(requests, _REQUEST_BYTES, 2)
        if not data:
            return
        pid = os.fork()
        if pid == 0:
            requests.close()
            _become(json.loads(data), streams)
            main()
        for stream in streams:
            os.close(stream)
        requests.send(pid.to_bytes(_PID_BYTES))


def _load_what_never_changes() -> None:
    from chatdesk.protocol import confusables
    from chatdesk.server.http.static_files import emoji_file, page_files

    page_files()  # a tenth of a second
    confusables.table()
    emoji_file()


def _become(request: dict[str, Any], streams: list[int]) -> None:
    """Take over what a program gets from the shell that starts it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for stream, number in zip(streams, (_STDOUT, _STDERR), strict=True):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = ["chatdesk", *request["arguments"]]


if __name__ == "__main__":
    _fork_on_request(socket.socket(fileno=int(sys.argv[1])))
