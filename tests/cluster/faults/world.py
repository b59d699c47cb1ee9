"""Three nodes, a Redis with a replica, and people who write, each a computer in one network of namespaces."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from websockets.asyncio.client import connect

from tests.cluster.faults.history import Entry
from tests.cluster.faults.talk import Talk
from tests.cluster.redis_server import RedisServer
from tests.e2e import on_disk
from tests.log.disks import Disk, small_disk
from tests.netns import Lan, Machine, Networks, inside

CHAT = "Faults"
STREAM, ABOUT = (f"{{chatdesk:{CHAT}}}:{key}" for key in ("stream", "about"))
_PORT = 8080
_REDIS_PORT = "6379"
_NET = "10.79.0."
_SERVICE = f"{_NET}100"
"""The address of whichever Redis is the primary."""
_MEMORY = "/dev/shm"
_DISK = "96m"
_WITH_CLOCK = """
import runpy, select, time
time.sleep = lambda seconds: select.select([], [], [], seconds)
runpy.run_module("chatdesk", run_name="__main__", alter_sys=True)
"""
"""libfaketime lets a sleep that is over already fail with EINVAL, which no system does: this does not."""
_LAST_LINES = 12
_SECONDS = 20.0
"""For a node that ends, on a busy machine."""


class Computer:
    """A machine with one address, whose cable can be pulled."""

    def __init__(self, networks: Networks, lan: Lan, number: int) -> None:
        self.machine: Machine = networks.machine()
        self.address = f"{_NET}{number}"
        self.machine.plug(lan, f"{self.address}/24")

    def set_cable(self, state: str) -> None:
        """``up`` or ``down``."""
        self.ip("link", "set", "eth0", state)

    def ip(self, *arguments: str) -> None:
        """Run ``ip`` there."""
        subprocess.run(["ip", "-n", self.machine.namespace, *arguments], check=True, capture_output=True)


class RedisComputer(Computer):
    """A Redis."""

    def __init__(self, networks: Networks, lan: Lan, number: int, folder: Path) -> None:
        super().__init__(networks, lan, number)
        folder.mkdir()
        self.redis = RedisServer(folder)

    def start(self, primary: RedisComputer | None = None) -> None:
        """Start it, as the replica of ``primary`` if there is one; return once it is level with it.

        Without a disk between them, a replica whose link is up may hear nothing for another second.
        """
        settings = ["--port", _REDIS_PORT, "--bind", "0.0.0.0", "--protected-mode", "no"]
        settings += ["--repl-diskless-sync", "no", "--repl-timeout", "5"]
        settings += ["--replicaof", f"{primary.address} {_REDIS_PORT}"] if primary else []
        with inside(self.machine):
            self.redis.start(*settings)
        while primary and "master_link_status:up" not in self.redis.command("INFO", "replication"):
            time.sleep(0.05)

    def serve(self, clients: list[Computer], *, begins: bool) -> None:
        """Take the address of the service, or give it up."""
        self.ip("address", "add" if begins else "del", f"{_SERVICE}/24", "dev", "eth0")
        for client in clients:
            client.ip("neigh", "flush", "all")


class NodeComputer(Computer):
    """A node with a disk of its own."""

    def __init__(self, networks: Networks, lan: Lan, number: int, disk: Disk) -> None:
        super().__init__(networks, lan, number)
        self.disk = disk
        self._log = disk.folder.with_suffix(".log")
        self._process: subprocess.Popen[Any] | None = None

    @property
    def name(self) -> str:
        """See ``Place``."""
        return self.address

    def visit(self) -> connect:
        """See ``Place``."""
        return connect(self.url, proxy=None, close_timeout=0.2)

    @property
    def url(self) -> str:
        """Its WebSocket."""
        return f"ws://{self.address}:{_PORT}/ws"

    def start(self, clock: str = "") -> None:
        """Start it, with its clock so far ahead; return when it listens."""
        arguments = ["serve", "--bind", self.address, "--port", str(_PORT), "--no-discovery", "--message-rate", "0"]
        arguments += ["--name", CHAT, "--cluster", f"redis://{_SERVICE}:{_REDIS_PORT}"]
        arguments += ["--data-dir", str(self.disk.folder / "data"), "--log-json"]
        with self._log.open("ab") as log:
            how: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": log, "text": True}
            if clock:
                environment = {**os.environ, **_clock_ahead(clock)}
                command = [sys.executable, "-c", _WITH_CLOCK, *arguments]
                self._process = self.machine.popen(command, env=environment, **how)
            else:
                self._process = self.machine.chatdesk(*arguments, **how)
        assert self._process.stdout
        assert self._process.stdout.readline(), "the node has not started"

    def end(self, number: int) -> None:
        """End it by this signal."""
        if self._process:
            self._process.send_signal(number)
            self._process.wait(_SECONDS)
            self._process = None

    def signal(self, number: int) -> None:
        """Send it this signal."""
        assert self._process
        self._process.send_signal(number)

    @property
    def last_words(self) -> str:
        """See ``Place``."""
        return "\n".join(self._log.read_text().splitlines()[-_LAST_LINES:])

    @property
    def entries(self) -> list[Entry]:
        """What it has on its disk, when it has ended."""
        left = on_disk.read(self.disk.folder / "data")
        assert left.integrity == "ok"
        return [Entry(entry.seq, entry.id or "", entry.content) for entry in left.entries]


class World:
    """All of it. ``primary`` and ``replica`` change their roles by a failover."""

    heal_seconds = 10.0

    def __init__(self, networks: Networks, folder: Path, disks: list[Disk], random: Random) -> None:
        lan = networks.lan()
        self.random = random
        self.primary = RedisComputer(networks, lan, 11, folder / "one")
        self.replica = RedisComputer(networks, lan, 12, folder / "two")
        self.nodes = [NodeComputer(networks, lan, 21 + number, disk) for number, disk in enumerate(disks)]
        self.people = Computer(networks, lan, 30)
        self.talk = Talk([node.url for node in self.nodes], self.nodes, random)

    def start(self) -> None:
        """Start Redis and all nodes."""
        self.primary.start()
        self.primary.serve([], begins=True)
        self.replica.start(primary=self.primary)
        for node in self.nodes:
            node.start()

    def node(self) -> NodeComputer:
        """One of the nodes, at random."""
        return self.random.choice(self.nodes)

    def end(self) -> dict[str, list[Entry]]:
        """End all nodes, and return what each has on its disk."""
        for node in self.nodes:
            node.end(signal.SIGTERM)
        return {f"the node at {node.name}": node.entries for node in self.nodes}


@contextlib.contextmanager
def world(random: Random) -> Iterator[World]:
    """A world whose networks and disks end with the context; this thread is where its people are."""
    with tempfile.TemporaryDirectory(prefix="faults-", dir=_MEMORY) as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        disks = [stack.enter_context(small_disk(folder / f"node{number}", _DISK)) for number in range(3)]
        made = World(stack.enter_context(Networks()), folder, disks, random)
        stack.callback(made.primary.redis.kill)
        stack.callback(made.replica.redis.kill)
        made.start()
        stack.enter_context(inside(made.people.machine))
        yield made


def _clock_ahead(by: str) -> dict[str, str]:
    """The environment of a program whose clock is so far ahead; the program ``faketime`` would stay as its parent."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return {"LD_PRELOAD": str(library), "FAKETIME": by, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


async def in_thread(step: Callable[..., object], *arguments: Any, **named: Any) -> None:
    """Do something that takes a while, in a thread."""
    await asyncio.to_thread(step, *arguments, **named)
