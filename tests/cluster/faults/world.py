"""Three nodes, a Redis with a replica, and people who write, each a computer in one network of namespaces."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.cluster.faults.history import Entry
from tests.cluster.faults.writer import RoamingWriter
from tests.cluster.redis_server import RedisServer
from tests.e2e import on_disk
from tests.log.disks import Disk, small_disk
from tests.netns import Lan, Machine, Networks, inside
from tests.waiting import until

CHAT = "Faults"
STREAM, ABOUT = (f"{{chatdesk:{CHAT}}}:{key}" for key in ("stream", "about"))
_PORT = 8080
_REDIS_PORT = "6379"
_NET = "10.79.0."
_SERVICE = f"{_NET}100"
"""The address of whichever Redis is the primary."""
_WRITERS = 5
_MEMORY = "/dev/shm"
_DISK = "96m"
_WITH_CLOCK = """
import runpy, select, time
time.sleep = lambda seconds: select.select([], [], [], seconds)
runpy.run_module("chatdesk", run_name="__main__", alter_sys=True)
"""
"""libfaketime lets a sleep that is over already fail with EINVAL, which no system does: this does not."""
_LOOK_SECONDS = 0.1
_LAST_LINES = 12
_SECONDS = 20.0
"""For what begins or comes back, on a busy machine."""


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
        """The newest lines of its log, for whoever looks for the cause of something that went wrong."""
        return "\n".join(self._log.read_text().splitlines()[-_LAST_LINES:])

    @property
    def entries(self) -> list[Entry]:
        """What it has on its disk, when it has ended."""
        left = on_disk.read(self.disk.folder / "data")
        assert left.integrity == "ok"
        return [Entry(entry.seq, entry.id or "", entry.content) for entry in left.entries]


class World:
    """All of it. ``primary`` and ``replica`` change their roles by a failover."""

    def __init__(self, networks: Networks, folder: Path, disks: list[Disk], random: Random) -> None:
        lan = networks.lan()
        self.random = random
        self.primary = RedisComputer(networks, lan, 11, folder / "one")
        self.replica = RedisComputer(networks, lan, 12, folder / "two")
        self.nodes = [NodeComputer(networks, lan, 21 + number, disk) for number, disk in enumerate(disks)]
        self.people = Computer(networks, lan, 30)
        self._tokens: dict[str, str | None] = {}
        urls = [node.url for node in self.nodes]
        self.writers = [RoamingWriter(urls, f"Writer{number}", random) for number in range(_WRITERS)]

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

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Everybody writes until the context ends; then all is confirmed, and everybody has heard all."""
        async with asyncio.TaskGroup() as tasks:
            stays = [tasks.create_task(writer.stay()) for writer in self.writers]
            await until(lambda: all(writer.joined for writer in self.writers), _SECONDS)
            talks = [tasks.create_task(writer.keep_writing()) for writer in self.writers]
            yield
            for talk in talks:
                talk.cancel()
            said = sum(len(writer.said) for writer in self.writers)
            with contextlib.suppress(
                AssertionError, TimeoutError
            ):  # what is missing then is found by the check of the history
                await until(lambda: all(it.heard[said - 1 :] and not it.waiting for it in self.writers), _SECONDS)
                await asyncio.wait_for(self._level(said), _SECONDS)
            for stay in stays:
                stay.cancel()

    async def heal(self, seconds: float) -> str:
        """Wait until everybody's words are confirmed again, and every node lists everybody; return what is missing."""
        begun = {writer.nickname: len(writer.said) for writer in self.writers}

        def waiting() -> list[str]:
            return [it.nickname for it in self.writers if f"{it.nickname}-{begun[it.nickname]}" not in it.confirmed]

        said = max(len(writer.heard) for writer in self.writers)
        try:
            await until(lambda: not waiting(), seconds)
            await asyncio.wait_for(self._level(said), seconds)
        except (AssertionError, TimeoutError):
            looks = [f"{await self._look(node)}, whose log ends:\n{node.last_words}" for node in self.nodes]
            heard = {it.nickname: (it.url, len(it.heard)) for it in self.writers}
            return "\n".join((f"unconfirmed {waiting()}, heard {heard}", *looks))
        return ""

    async def _level(self, said: int) -> None:
        """Wait until each node lists all writers, and has so many messages."""
        people = {writer.nickname for writer in self.writers}
        for node in self.nodes:
            listed, last = await self._look(node)
            while listed != people or last < said:
                await asyncio.sleep(_LOOK_SECONDS)
                listed, last = await self._look(node)

    async def _look(self, node: NodeComputer) -> tuple[set[str], int]:
        """Whom a node lists beside those who look at it, and its newest message."""
        nickname, token, names = f"Look {node.address}", self._tokens.get(node.address), set[str]()
        with contextlib.suppress(OSError, WebSocketException):
            async with asyncio.timeout(2), connect(node.url, proxy=None, close_timeout=0.2) as looking:
                await looking.send(json.dumps({"type": "join", "nickname": nickname, "token": token}))
                while True:
                    event = json.loads(await looking.recv())
                    match event["type"]:
                        case "welcome":
                            self._tokens[node.address] = event["token"]
                        case "users":
                            names = {name for it in event["users"] if not (name := it["nickname"]).startswith("Look ")}
                        case "history" | "error":
                            await looking.send('{"type":"leave"}')
                            return names, event.get("last_seq", 0)
        return names, 0


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
