"""``python -m tests.bench.neighbour``: how an attack affects the people in the chat, and what remains afterwards.

Between the attacks there is a time on the same server in which the attacking program attacks nobody: it shares a core
with what measures, and this alone makes a p99 larger. The two alternate, as a machine is now faster and now slower, and
of the spells of each the median counts: a disk that is busy for a moment, with which no server has to do, would else
decide over a p99. Each spell under attack begins with the attack's first moment. The attackers have another address
than the people, and another core than the server. With ``--table`` it prints what stands in the README.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from tests.bench.attacks import ATTACKS, NOBODY
from tests.bench.contenders import ROOT, Contender
from tests.bench.load import Outcome, Run
from tests.bench.process import Cores, Server, cores, running
from tests.bench.statistics import percentile
from tests.bench.swarm import Swarm

_PEOPLE = 20  # a usual room
_RATE = 80.0  # messages a second, as many as they may say: enough for a p99 in a few seconds, and no load by itself
_BEGIN_SECONDS = 0.3  # the attacking program has started
_SETTLE_SECONDS = 2.0  # the server has closed the attacker's connections
_LONGEST_SETTLE_SECONDS = 45.0  # peers that were not read are found dead, grace is over, what is free is given back
_BACK = 1.1  # of the memory before: what counts as given back
_MB = 1024 * 1024
_HEAD = """| attack | what it met | MB before, during, after | p99 before, during, ms | ratio |
|---|---|---|---|---|"""


def servers() -> dict[str, Contender]:
    """ChatDesk on each of its loops, with its default limits."""
    options = ("--bind", "127.0.0.1", "--port", "0")
    python = sys.executable
    return {
        "uvloop": Contender("uvloop", (python, "-m", "chatdesk", "serve", *options)),
        "encrypted": Contender("encrypted", (python, "-m", "chatdesk", "serve", "--tls", *options)),
        "asyncio": Contender("asyncio", (python, "-m", "tests.bench.peers.chatdesk_asyncio", "1000", "10")),
        "window": Contender(
            "window",
            (python, "-m", "tests.bench.window", "host", *options, "--nickname", "Mara"),
            {"QT_QPA_PLATFORM": "offscreen"},
            window=True,
        ),
    }


@dataclass(frozen=True)
class Verdict:
    """The effect of an attack: latencies in ms, shares of a core, memory in MB, seconds from SIGTERM to the end."""

    quiet: tuple[float, float]
    attacked: tuple[float, float]
    cpu: tuple[float, float]
    memory: tuple[float, float, float]
    end: float
    limits: dict[str, int]
    """How often each limit has had an effect, by ``/stats``."""

    def row(self, attack: str) -> str:
        """The row of a table: what met the attack, memory before, during and afterwards, and the people's p99."""
        met = ", ".join(name.replace("_", " ") for name, _ in sorted(self.limits.items(), key=lambda item: -item[1]))
        memory = "{:.0f}, {:.0f}, {:.0f}".format(*self.memory)
        ratio = self.attacked[1] / self.quiet[1]
        return (
            f"| {attack} | {met or 'nothing'} | {memory} | {self.quiet[1]:.1f}, {self.attacked[1]:.1f} | {ratio:.1f} |"
        )

    def __str__(self) -> str:
        memory = "{:.0f} {:.0f} {:.0f}".format(*self.memory)
        ratio = self.attacked[1] / self.quiet[1]
        return (
            f"p50 {self.quiet[0]:6.1f} ->{self.attacked[0]:7.1f}  p99 {self.quiet[1]:6.1f} ->{self.attacked[1]:8.1f} "
            f"x{ratio:5.1f}  cpu {self.cpu[0]:.2f} -> {self.cpu[1]:.2f}  MB {memory}  SIGTERM {self.end:.1f} s"
        )


def measure(contender: Contender, attack: str, connections: int, spells: int, seconds: float, where: Cores) -> Verdict:
    """Measure before, during and after an attack, each for so many ``spells`` of ``seconds``."""
    with running(contender, where) as server, contextlib.closing(Swarm(server.port)) as swarm:
        swarm.connect(_PEOPLE)
        swarm.join()
        Run(swarm, server).steady(_RATE, 1)
        before = during = server.resident_bytes() / _MB
        quiet, attacked = [], []
        for _ in range(spells):
            with attacking(NOBODY):
                time.sleep(_BEGIN_SECONDS)
                quiet.append(Run(swarm, server).steady(_RATE, seconds))
            with attacking(attack, str(server.port), str(connections)):
                time.sleep(_BEGIN_SECONDS)
                attacked.append(Run(swarm, server).steady(_RATE, seconds))
                during = max(during, server.resident_bytes() / _MB)
            time.sleep(_SETTLE_SECONDS)
        limits = _limits(server.port)
        after = _memory_afterwards(server, before)
        with attacking(attack, str(server.port), str(connections)):
            time.sleep(_BEGIN_SECONDS)
            end = _end(server)
    cpu = (_cpu(quiet), _cpu(attacked))
    return Verdict(_both(quiet), _both(attacked), cpu, (before, during, after), end, limits)


def _memory_afterwards(server: Server, before: float) -> float:
    """The memory some seconds afterwards, in MB; later if it has not come back to what it was ``before``."""
    end = time.monotonic() + _LONGEST_SETTLE_SECONDS
    time.sleep(_SETTLE_SECONDS)
    while (after := server.resident_bytes() / _MB) > before * _BACK and time.monotonic() < end:
        time.sleep(0.5)
    return after


def _limits(port: int) -> dict[str, int]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats", timeout=10) as answer:
        limits: dict[str, int] = json.load(answer)["limits"]
    return limits


@contextlib.contextmanager
def attacking(*arguments: str) -> Iterator[None]:
    """Attack while the context is open."""
    command = (sys.executable, "-m", "tests.bench.attacks", *arguments)
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _end(server: Server) -> float:
    """Return the seconds until SIGTERM has ended the server."""
    asked = time.monotonic()
    os.kill(server.pid, 15)
    with contextlib.suppress(OSError):
        while time.monotonic() < asked + 20:
            if os.waitpid(server.pid, os.WNOHANG)[0]:
                break
            time.sleep(0.02)
    return time.monotonic() - asked


def _both(spells: list[Outcome]) -> tuple[float, float]:
    """The p50 and the p99 of the median spell."""
    p50, p99 = (median(percentile(spell.latencies, share) for spell in spells) for share in (50, 99))
    return p50, p99


def _cpu(spells: list[Outcome]) -> float:
    return median(spell.server_cpu / (spell.end - spell.start) for spell in spells)


def main() -> None:
    """Measure what the arguments ask for, and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.neighbour", description=__doc__)
    parser.add_argument("--attacks", nargs="+", choices=ATTACKS, default=list(ATTACKS), metavar="NAME")
    parser.add_argument("--servers", nargs="+", choices=servers(), default=["uvloop"])
    parser.add_argument("--connections", nargs="+", type=int, default=[1, 200])
    parser.add_argument("--spells", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.5)
    parser.add_argument("--table", action="store_true", help="print rows of a table")
    options = parser.parse_args()
    where = cores()
    os.sched_setaffinity(0, {where.load})
    if options.table:
        print(_HEAD)
    for attack in options.attacks:
        for name in options.servers:
            for connections in options.connections:
                verdict = measure(servers()[name], attack, connections, options.spells, options.seconds, where)
                line = verdict.row(attack) if options.table else f"{attack[:30]:30} {name:7} {connections:4}  {verdict}"
                print(line, flush=True)


if __name__ == "__main__":
    main()
