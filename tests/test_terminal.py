"""A terminal that is closed while the program runs in it."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.archive.history import write_many

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-m", "chatdesk"]
SERVE = ["serve", "--bind", "127.0.0.1", "--port", "0", "--in-memory"]
IGNORING = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh"]


class Terminal:
    """A terminal of its own for a program: all of its standard streams are there."""

    def __init__(self, *command: str) -> None:
        self.screen, end = os.openpty()
        self.process = subprocess.Popen(["setsid", "--ctty", *command], cwd=ROOT, stdin=end, stdout=end, stderr=end)
        os.close(end)
        self.seen = ""

    def wait_for(self, pattern: str) -> "re.Match[str]":
        """Read until it shows this."""
        while not (found := re.search(pattern, self.seen)):
            self.seen += os.read(self.screen, 4096).decode()
        return found

    def close(self) -> None:
        """Close it, as who closes a terminal's window does."""
        os.close(self.screen)


@contextlib.contextmanager
def terminal(*command: str) -> Iterator[Terminal]:
    opened = Terminal(*command)
    try:
        yield opened
    finally:
        opened.process.kill()
        opened.process.wait()


def test_it_takes_the_chat_along_in_order() -> None:
    with terminal(*PROGRAM, *SERVE) as opened:
        port = opened.wait_for(r"http://127\.0\.0\.1:(\d+)\r")[1]
        with connect(f"ws://127.0.0.1:{port}/ws", proxy=None) as client:
            opened.close()
            with contextlib.suppress(ConnectionClosed):
                while client.recv(5):
                    pass
            assert client.close_code == 1001
        assert opened.process.wait(20) == 0


def test_a_chat_that_was_started_to_outlive_it_goes_on() -> None:
    with terminal(*IGNORING, *PROGRAM, *SERVE) as opened:
        port = opened.wait_for(r"http://127\.0\.0\.1:(\d+)\r")[1]
        opened.close()
        opened.process.send_signal(signal.SIGHUP)
        with connect(f"ws://127.0.0.1:{port}/ws", proxy=None) as client:
            client.send('{"type":"join","nickname":"Kit"}')
            assert '"welcome"' in str(client.recv(5))
        opened.process.terminate()
        assert opened.process.wait(20) == 0


def test_it_leaves_no_half_export(tmp_path: Path) -> None:
    write_many(tmp_path / "chat", 100_000)
    written = tmp_path / "written"
    written.mkdir()
    with terminal(*PROGRAM, "export", str(written / "a.html"), "--data-dir", str(tmp_path / "chat")) as opened:
        opened.wait_for("%")
        opened.close()
        assert opened.process.wait(20) == 130
    assert list(written.iterdir()) == []


def test_the_doctor_ends_with_it() -> None:
    """While it waits for an answer of what accepts connections, and says nothing."""
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        terminal(*PROGRAM, "doctor", f"127.0.0.1:{silent.getsockname()[1]}") as opened,
    ):
        opened.wait_for("The connection")
        opened.close()
        assert opened.process.wait(20) == 130
