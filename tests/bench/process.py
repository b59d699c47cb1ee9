"""Server processes: started on a core of their own, observed through /proc, always ended."""

import contextlib
import json
import os
import re
import select
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from tests.bench import disk
from tests.bench.contenders import Contender

_START_SECONDS = 30  # an import over a cold disk takes several seconds
_STOP_SECONDS = 10  # twice what the server gives its clients for a farewell
_ADDRESS = re.compile(rb"127\.0\.0\.1:(\d+)")
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGESIZE")


class BenchError(Exception):
    """A server cannot be measured; the message says why."""


@dataclass(frozen=True)
class Cores:
    """Which core the server has to itself, and which one the load."""

    server: int
    load: int


def cores() -> Cores:
    """Return two cores of this machine, or the same one twice if there is no second."""
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[-1])


class Server:
    """A running server."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid = pid
        self.port = port
        self.frames: list[float] = []
        """When its window painted, in seconds of the monotonic clock; set after it has ended."""

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used so far, including the kernel's on its behalf."""
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.pids()]
        return sum(int(fields[11]) + int(fields[12]) for fields in stats) / _TICKS

    def resident_bytes(self) -> int:
        """Return its resident memory."""
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.pids()) * _PAGE_BYTES

    def pids(self) -> list[int]:
        """Return its process and those that this one has started, such as the workers of nginx."""
        return [self.pid, *map(int, Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split())]


@contextlib.contextmanager
def running(contender: Contender, where: Cores) -> Iterator[Server]:
    """Run the contender's server until the context ends. Raises BenchError if it does not start."""
    with disk.folder() as folder:
        frames_file = folder / "frames.json"
        home = str(folder)
        process = _start(contender, where, {"BENCH_FRAMES": str(frames_file), "HOME": home, "XDG_DATA_HOME": home})
        try:
            server = Server(process.pid, _port(contender, process))
            yield server
        finally:
            _stop(process)
        if contender.window:
            server.frames = json.loads(frames_file.read_text())


def _start(contender: Contender, where: Cores, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start on the server's core, so that threads started early are on it too."""
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {where.server})
    try:
        return subprocess.Popen(
            contender.command,
            cwd=contender.folder,
            env={**os.environ, **contender.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
    finally:
        os.sched_setaffinity(0, ours)


def _port(contender: Contender, process: subprocess.Popen[bytes]) -> int:
    """Return the port in the first line that contains an address."""
    output = cast(IO[bytes], process.stdout)
    while select.select([output], [], [], _START_SECONDS)[0]:
        line = output.readline()
        found = _ADDRESS.search(line)
        if found:
            return int(found[1])
        if not line:
            break
    raise BenchError(f"{contender.name} did not start: {' '.join(contender.command)}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
