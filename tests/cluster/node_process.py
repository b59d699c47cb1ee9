"""A real node in a process of its own, and what several have in the end."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cluster.stores import contents
from tests.e2e.peer import Peer
from tests.warm_program import WarmProgram

_SECONDS = 30.0
"""For what takes two to seven, on a busy machine; a killed taker was waited for twice as long, a giver ten times."""
_ROOT = Path(__file__).parents[2]
_KILLED = """
import os, runpy, sys
left = int(sys.argv.pop(1))
def count(event, arguments):
    global left
    if event == "os.rename" and os.path.basename(arguments[0]).startswith(("chat.", "hooks.")):
        left -= 1
        left < 0 and os.kill(os.getpid(), 9)
sys.addaudithook(count)
runpy.run_module("chatdesk", run_name="__main__", alter_sys=True)
"""


class NodeProcess:
    """A node with this folder, and what it says on its standard error."""

    def __init__(self, folder: Path, *options: str, kill_at: int | None = None) -> None:
        self.folder = folder
        self._said = folder.with_suffix(".said")
        where = ("--bind", "127.0.0.1", "--port", "0", "--no-discovery", "--data-dir", str(folder))
        with self._said.open("w") as said:
            how: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": said, "text": True}
            arguments = ["serve", *where, *options]
            if kill_at is None:
                self.process: subprocess.Popen[Any] = WarmProgram(*arguments, **how)
            else:
                command = [sys.executable, "-c", _KILLED, str(kill_at), *arguments]
                self.process = subprocess.Popen(command, cwd=_ROOT, **how)
        self.websocket = ""

    def wait_until_open(self) -> bool:
        """Return when it has printed its address, or has ended: whether it is open. Takes no longer than it may."""
        begun_at = time.monotonic()
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert time.monotonic() - begun_at < _SECONDS
        self.websocket = f"ws{line.split('http')[-1].strip()}/ws" if line else ""
        return bool(line)

    def wait_until_it_takes(self) -> None:
        """Return when it has the first part of a copy."""
        copy = self.folder / "chat.db-saving"
        wait_until(lambda: copy.exists() and copy.stat().st_size)

    def wait_until_it_says(self, words: str) -> None:
        wait_until(lambda: words in self._said.read_text())

    def end(self, number: int) -> int:
        """End it by this signal; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(10)


def wait_until(condition: Callable[[], object]) -> None:
    """Return as soon as it is true."""
    deadline = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def check_level(*nodes: NodeProcess) -> None:
    """Something is said on the last, which all have then, and nothing else that others have not.

    By people of its own: the name of somebody who has just gone is not free at once at the other nodes.
    """
    for node in nodes[:-1]:
        if not node.websocket:
            assert node.wait_until_open()
    with Peer(nodes[-1].websocket, "Zoe") as zoe, Peer(nodes[0].websocket, "Yuri") as yuri:
        zoe.say("at last")
        yuri.hear("at last")
    for node in nodes:
        assert node.end(signal.SIGINT) == 0
    assert len({json.dumps(contents(node.folder)) for node in nodes}) == 1
    assert not list(nodes[-1].folder.glob("chat.db-*"))


def named(websocket: str) -> list[str]:
    """The addresses of the other nodes that the one at this address names to who joins.

    Each is asked by somebody of its own, for the same reason.
    """
    with Peer(websocket, f"Looks {websocket.split(':')[-1].removesuffix('/ws')}") as peer:
        return sorted(peer.welcome.get("nodes", []))


def stream(chat: str) -> str:
    """The key in Redis."""
    return f"{{chatdesk:{chat}}}:stream"
