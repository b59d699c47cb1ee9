"""``python -m tests.bench``: measure, and print one table. With ``--kills``: kill, and print what is lost."""

import argparse
import asyncio
import gc
import os
import sys
from pathlib import Path

from tests.bench import disk
from tests.bench.contenders import CONTENDERS, Contender, earlier
from tests.bench.files import allow_connections
from tests.bench.kills import kill_again_and_again
from tests.bench.parts import PARTS
from tests.bench.plan import ROOMS, Figures, Plan
from tests.bench.process import BenchError, cores
from tests.bench.table import render


def main() -> None:
    """Measure what the arguments ask for. The parts are independent: when one fails, the others still run."""
    options = _options()
    if options.kills:
        verdict = asyncio.run(kill_again_and_again(options.kills, options.seed))
        print(verdict)
        sys.exit(1 if verdict.faults else 0)
    plan = _plan(options)
    connections = max(*plan.idle, plan.clients, plan.accepted, *plan.rooms)
    allow_connections(connections)
    os.sched_setaffinity(0, {plan.cores.load})
    gc.disable()  # a pause of this process would look like one of the server
    contenders = [CONTENDERS[name](2 * connections) for name in options.servers]
    contenders += [earlier(2 * connections, folder) for folder in options.earlier]
    results: dict[str, Figures] = {contender.name: {} for contender in contenders}
    for part in options.only:  # the servers take turns in each part, so that a busy machine slows them all alike
        for contender in contenders:
            results[contender.name] |= _measure(part, contender, plan)
    print(f"{plan.clients} clients; server on core {plan.cores.server}, load on core {plan.cores.load}; ", end="")
    print(f"history in {disk.FOLDER} ({disk.filesystem()})\n")
    print(render(contenders, results, plan.rooms))


def _plan(options: argparse.Namespace) -> Plan:
    return Plan(
        cores(),
        options.clients,
        options.seconds,
        idle=tuple(options.idle),
        accepted=options.accepted,
        history=options.history,
        commits=options.commits,
        queries=options.queries,
        rooms=tuple(options.rooms),
    )


def _measure(part: str, contender: Contender, plan: Plan) -> Figures:
    if contender.missing:
        return {}
    print(f"{contender.name}: {part} ...", file=sys.stderr, flush=True)
    try:
        return PARTS[part](contender, plan)
    except (BenchError, OSError) as error:
        print(f"{contender.name}: {part} failed: {error}", file=sys.stderr, flush=True)
        return {}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="ChatDesk beside other servers.")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="just these parts")
    parser.add_argument("--servers", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), help="just these")
    parser.add_argument("--seconds", type=float, default=10, help="for each fixed rate (default: 10)")
    parser.add_argument("--clients", type=int, default=1000, help="who receive everything (default: 1000)")
    parser.add_argument("--idle", type=int, nargs=2, default=(1000, 4000), help="between which memory is compared")
    parser.add_argument("--accepted", type=int, default=5000, help="connections to accept (default: 5000)")
    parser.add_argument("--history", type=int, default=1_000_000, help="messages in a long one (default: a million)")
    parser.add_argument("--commits", type=int, default=2_000, help="messages to keep one by one (default: 2000)")
    parser.add_argument("--queries", type=int, default=50, help="how often each one is asked (default: 50)")
    parser.add_argument(
        "--rooms", type=int, nargs="+", default=ROOMS, help="people in a large room (default: %(default)s)"
    )
    parser.add_argument(
        "--earlier", type=Path, nargs="+", default=[], metavar="FOLDER", help="other checkouts of ChatDesk"
    )
    parser.add_argument("--kills", type=int, metavar="N", help="instead: kill the server so often while people write")
    parser.add_argument("--seed", type=int, default=1, help="which moments to kill it at (default: 1)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
