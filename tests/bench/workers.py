"""``python -m tests.bench.workers``: how many deliveries several worker processes make, beside one process.

The load takes a processor, too, and a machine of two cores has none left for it. So what is measured is what each
process has to do for a delivery, and what follows for a machine whose cores are the server's alone. All is said in one
room whose people connect as the system divides them, with as many messages under way as in the benchmark's ``most``.

- One process: its loop is one thread, and nothing is faster than that thread. What its other threads do, the log's, is
  taken to run beside it for nothing, which is in its favour.
- Workers on so many cores: nothing is faster than the busiest loop, nor than the sum of all processes divided by the
  number of cores, order process and log included.
"""

import argparse
import contextlib
import os
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.bench import contenders
from tests.bench.files import allow_connections
from tests.bench.load import Run
from tests.bench.process import Cores, Server, running
from tests.bench.swarm import Swarm

_TICKS = os.sysconf("SC_CLK_TCK")


class Cost:
    """Processor seconds per delivery: of each process by name, and of the busiest loop."""

    def __init__(self, processes: Counter[str], loops: Counter[str], deliveries: int) -> None:
        self.processes = {name: ticks / _TICKS / deliveries for name, ticks in processes.items()}
        self.loop = max(loops.values()) / _TICKS / deliveries

    @property
    def total(self) -> float:
        """That of all processes together."""
        return sum(self.processes.values())


def measure(workers: int, people: int, under_way: int, seconds: float) -> Cost:
    """Measure a server of so many processes. Raises BenchError."""
    contender = contenders.headless(people)
    contender = replace(contender, command=(*contender.command, "--workers", str(workers)))
    everywhere = Cores(*sorted(os.sched_getaffinity(0))[:1] * 2)
    with running(contender, everywhere) as server, contextlib.closing(Swarm(server.port)) as swarm:
        _let_run_anywhere(server)
        swarm.connect(people)
        swarm.join()
        run = Run(swarm, server)
        before = _used(server)
        outcome = run.saturate(under_way, seconds)
        after = _used(server)
    if outcome.missing or outcome.surplus:
        raise SystemExit(f"{outcome.missing} deliveries are missing, {outcome.surplus} are doubled")
    return Cost(after[0] - before[0], after[1] - before[1], outcome.delivered)


def _let_run_anywhere(server: Server) -> None:
    for pid in server.pids():
        for thread in _threads(pid):
            os.sched_setaffinity(thread, os.sched_getaffinity(0))


def _used(server: Server) -> tuple[Counter[str], Counter[str]]:
    """The processor time of each process, and of its first thread, which runs its loop."""
    processes, loops = Counter[str](), Counter[str]()
    for pid in server.pids():
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        processes[name] += _ticks(Path(f"/proc/{pid}/stat"))
        loops[name] += _ticks(Path(f"/proc/{pid}/task/{pid}/stat"))
    return processes, loops


def _threads(pid: int) -> Iterator[int]:
    return (int(task.name) for task in Path(f"/proc/{pid}/task").iterdir())


def _ticks(stat: Path) -> int:
    fields = stat.read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def main() -> None:
    """Measure as many times as the arguments say, and print what follows."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.workers", description=__doc__)
    for name, default in (("workers", 2), ("people", 1000), ("under-way", 1), ("seconds", 10), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    allow_connections(options.people)
    ratios = []
    for _ in range(options.rounds):
        one = measure(1, options.people, options.under_way, options.seconds)
        several = measure(options.workers, options.people, options.under_way, options.seconds)
        path = max(several.loop, several.total / options.workers)
        ratios.append(one.loop / path)
        parts = ", ".join(f"{name} {cost * 1e6:.2f}" for name, cost in sorted(several.processes.items()))
        print(f"µs per delivery: one process {one.loop * 1e6:.2f} in its loop, {one.total * 1e6:.2f} in all; {parts}")
        print(f"  on {options.workers} cores at most one each {path * 1e6:.2f} µs: {ratios[-1]:.2f} times as many")
    print(f"{options.people} people, {options.workers} workers: {statistics.median(ratios):.2f} times (median)")


if __name__ == "__main__":
    main()
