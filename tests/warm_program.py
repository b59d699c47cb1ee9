"""``chatdesk`` in processes that are forked from one which has loaded its modules and the page's files.

Loading them is most of what a start costs, and the tests start hundreds. What runs is the program itself, with its own
arguments, environment, folder, network, streams and signals; tests of the start itself do without this.
"""

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

_NETWORK = Path("/proc/thread-self/ns/net")
"""Some tests have a network of their own, which a process gets from the one that starts it."""
_OUTSIDE = os.open(_NETWORK, os.O_RDONLY)
"""The network of all others: what is forked must not end with that of the first test that starts a program."""
_asking = threading.Lock()
_REQUEST_BYTES = 1 << 17
_INTEGER_BYTES = 4

_LOADED_LATER = (
    *("encryption", "invite_command", "people_command", "room_command", "terminal.commands", "token_command"),
    *("discovery.advertiser", "discovery.hosts_command", "doctor.doctor_command"),
)
"""What the program loads within functions, as not everybody needs it."""
_OF_THE_WINDOW = (
    *("desktop.accessibility.roles", "desktop.application", "desktop.qt_messages", "desktop.wiring"),
    *("desktop.notifications.freedesktop", "desktop.notifications.tray"),
)

STRICT = ("-W", "error")
"""Options of Python with which every warning is an error."""


class WarmProgram(subprocess.Popen[Any]):
    """``chatdesk`` with these arguments, in a Python with these ``options``; a ``windowed`` one has loaded Qt, too.

    Of what Popen takes, it knows the folder, the environment and the streams.
    """

    def __init__(
        self, *arguments: str | Path, options: Sequence[str] = (), windowed: bool = False, **of_popen: Any
    ) -> None:
        self._options, self._windowed = tuple(options), windowed
        super().__init__(["chatdesk", *map(str, arguments)], **of_popen)

    def _execute_child(self, args: list[str], *others: Any) -> None:
        """What Popen does once its pipes are there, in its order of arguments."""
        _executable, preexec_fn, _close_fds, pass_fds, cwd, env, _info, _flags, _shell, *pipes, _signals = others[:16]
        assert preexec_fn is None
        assert not pass_fds
        theirs = [own if pipe == -1 else pipe for own, pipe in enumerate((pipes[0], pipes[3], pipes[5]))]
        request = {"arguments": args, "environment": dict(env or os.environ), "folder": str(cwd or Path.cwd())}
        self._ended, ended = os.pipe()
        with _NETWORK.open() as network, _asking:
            requests = _template(self._options, self._windowed)
            socket.send_fds(requests, [json.dumps(request).encode()], [ended, network.fileno(), *theirs])
            self.pid = int.from_bytes(requests.recv(_INTEGER_BYTES))
        os.close(ended)
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]
        self._child_created = True

    def _try_wait(self, flags: int) -> tuple[int, int]:
        """What waitpid returns, for a process that is no child of this one."""
        end = select.poll()
        end.register(self._ended)
        if not end.poll(0 if flags & os.WNOHANG else None):
            return 0, 0
        status = os.read(self._ended, _INTEGER_BYTES)
        os.close(self._ended)
        assert status, "the process that waits for it was killed"
        return self.pid, int.from_bytes(status)

    def _internal_poll(self, _deadstate: int | None = None, **_others: Any) -> int | None:
        if self.returncode is None:
            pid, status = self._try_wait(os.WNOHANG)
            if pid:
                self._handle_exitstatus(status)  # type: ignore[attr-defined]
        return self.returncode


def run(
    *arguments: str | Path,
    options: Sequence[str] = STRICT,
    text: str | None = None,
    **of_popen: Any,
) -> subprocess.CompletedProcess[str]:
    """Run it to its end, with every warning as an error; ``text`` is its standard input."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with WarmProgram(*arguments, options=options, text=True, **{**pipes, **of_popen}) as process:
        try:
            output, errors = process.communicate(text, timeout=60)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


@cache
def _template(options: tuple[str, ...], windowed: bool) -> socket.socket:
    """Start the process that is forked, once for all tests; it ends when this one ends."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [
        sys.executable,
        *options,
        "-m",
        "tests.warm_program",
        str(its.fileno()),
        str(_OUTSIDE),
        *(["window"] * windowed),
    ]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[1], pass_fds=[its.fileno(), _OUTSIDE])
    its.close()
    atexit.register(_end, process, ours)
    return ours


def _end(process: "subprocess.Popen[bytes]", requests: socket.socket) -> None:
    requests.close()
    process.wait()


def _fork_on_request(requests: socket.socket, windowed: bool) -> None:
    from chatdesk.__main__ import main  # before the first fork, which is what this module is for

    _load_what_never_changes(windowed)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel forgets those that have ended
    gc.freeze()
    while True:
        data, descriptors, _flags, _address = socket.recv_fds(requests, _REQUEST_BYTES, 5)
        if not data:
            return
        if os.fork() == 0:
            ended, network, *streams = descriptors
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            pid = os.fork()
            if pid == 0:
                requests.close()
                os.close(ended)
                _become(json.loads(data), network, streams)
                main()
            _report(pid, requests, ended, streams)
        for descriptor in descriptors:
            os.close(descriptor)


def _load_what_never_changes(windowed: bool) -> None:
    from chatdesk.protocol import confusables
    from chatdesk.server.http.static_files import emoji_file, page_files

    for module in (*_LOADED_LATER, *(_OF_THE_WINDOW if windowed else ())):
        importlib.import_module(f"chatdesk.{module}")
    page_files()  # a tenth of a second
    confusables.table()
    emoji_file()


def _report(pid: int, requests: socket.socket, ended: int, streams: list[int]) -> None:
    """Tell whose process it is, and how it has ended: its parent, which does nothing else."""
    requests.send(pid.to_bytes(_INTEGER_BYTES))
    for stream in streams:
        os.close(stream)
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # they are for the program
    _, status = os.waitpid(pid, 0)
    os.write(ended, status.to_bytes(_INTEGER_BYTES))
    os._exit(0)


def _enter(network: int) -> None:
    if os.fstat(network).st_ino != _NETWORK.stat().st_ino:  # it takes root even where nothing changes
        os.setns(network, os.CLONE_NEWNET)
    os.close(network)


def _become(request: dict[str, Any], network: int, streams: list[int]) -> None:
    """Take over what a program gets from the shell that starts it."""
    _enter(network)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    sys.argv = request["arguments"]


if __name__ == "__main__":
    _enter(int(sys.argv[2]))
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        _fork_on_request(requests, windowed=len(sys.argv) > 3)
