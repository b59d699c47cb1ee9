"""``python -m tests.bench.scale``: nodes on one Redis, what each kind of work costs, and where the limits are."""

import argparse
import asyncio
import gc
import os

from tests.bench.files import allow_connections
from tests.bench.history import talk
from tests.bench.process import BenchError, Cores, cores
from tests.bench.scale.constants import Constants, measure
from tests.bench.scale.kept import Kept, kept
from tests.bench.scale.model import CORE_SHARE, NODE_BYTES, Chat, fewest, largest, need
from tests.bench.scale.nodes import cluster
from tests.bench.scale.reconnects import connections_of_a_node, storm
from tests.bench.scale.runs import Shared, shared, soak

_SIZES = (10_000, 100_000, 1_000_000)
_KEPT = 40_000
"""Messages."""
_MEASURED = 2_000
"""People with whom costs are measured, if there are not fewer anyway."""


def main() -> None:
    """Measure what the arguments ask for, and print tables; end with a sentence where that cannot be."""
    try:
        _run(_options())
    except BenchError as error:
        raise SystemExit(str(error)) from None


def _run(options: argparse.Namespace) -> None:
    where = cores()
    if options.kept:
        node, alone = asyncio.run(kept(list(talk(_KEPT))))
        print(f"kept a second, of one room: by a node {_kept(node)}; by a single host {_kept(alone)}")
        return
    os.sched_setaffinity(0, {where.load})
    gc.disable()  # a pause of this process would look like one of the nodes
    if options.soak:
        slope = soak(options.nodes[-1], where, options.soak, options.pace, _tell_memory) / 2**20
        print(f"memory of {options.nodes[-1]} nodes after {options.soak:g} minutes: {slope:+.2f} MB per hour")
        return
    if options.reconnects:
        for nodes in options.nodes:
            _storm(nodes, options.people, where)
        return
    allow_connections(options.people)
    _measure(options, where)


def _measure(options: argparse.Namespace, where: Cores) -> None:
    costs = measure(where, min(options.people, _MEASURED), options.seconds)
    print(_constants(costs))
    print("\n| nodes | arrived | p50, p99 | nodes' CPU, predicted | Redis' CPU | all come at once | memory each |")
    print("|---|---|---|---|---|---|---|")
    for nodes in options.nodes:
        print(_row(shared(nodes, where, options.people, options.seconds, costs)), flush=True)
    print(f"\nUp to {CORE_SHARE:.0%} of a core and {NODE_BYTES / 2**30:g} GB for each process:")
    for people in _SIZES:
        print(f"- {people:,} people: {_verdict(Chat(people), costs)}")
    for nodes in (1, 2, 4, 16):
        print(f"- {nodes} nodes: {largest(Chat(1), nodes, costs):,} people")


def _constants(costs: Constants) -> str:
    return "\n".join(
        (
            "| | the own node | each other node | Redis |",
            "|---|---|---|---|",
            *(
                f"| a message, at {it.per_second:,.0f} a second | {_micro(it.own)} | {_micro(it.other)} "
                f"| {_micro(it.redis)} and {_micro(it.redis_per_node)} a node |"
                for it in costs.messages
            ),
            f"| a delivery | {_micro(costs.delivery)} | | |",
            f"| a person who joins | {_micro(costs.join_own)} | {_micro(costs.join_other)} | |",
            f"| a second of a person who is silent; of a node where nobody is | {_micro(costs.silent)}; "
            f"{_micro(costs.idle)} | | |",
            f"| a person's memory | {costs.connection_bytes / 1024:.1f} KB "
            f"| {costs.person_elsewhere_bytes / 1024:.1f} KB | |",
        )
    )


def _kept(seen: Kept) -> str:
    redis = f", Redis {seen.redis_micros:.1f} µs" if seen.redis_micros else ""
    return f"{seen.per_second:,.0f} ({seen.micros:.1f} µs of a processor for each{redis})"


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs"


def _row(seen: Shared) -> str:
    return (
        f"| {seen.nodes} | {seen.arrived:.2f} % | {seen.p50:.0f} ms, {seen.p99:.0f} ms "
        f"| {seen.node_cpu:.2f}, {seen.predicted:.2f} | {seen.redis_cpu:.3f} "
        f"| {seen.storm_seconds:.1f} s | {seen.bytes_per_connection / 1024:.1f} KB |"
    )


def _storm(nodes: int, people: int, where: Cores) -> None:
    connections = connections_of_a_node(people, nodes)
    allow_connections(connections)
    with cluster(nodes, connections, where) as running:
        seen = storm(running, people)
    rate = seen.people / seen.seconds
    lost = (
        f"{seen.missing} messages missing, {seen.surplus} too many" if seen.missing or seen.surplus else "nothing lost"
    )
    came = f"{people:,} had come after {seen.came_seconds:.1f} s ({seen.came_bytes / 1024:.1f} KB each)"
    back = f"{seen.people:,} cut off were back after {seen.seconds:.1f} s ({rate:,.0f} a second)"
    print(f"{nodes} nodes: {came}; {back}, {lost} ({seen.back_bytes / 1024:.1f} KB each)", flush=True)


def _tell_memory(seconds: float, resident: list[int]) -> None:
    print(f"{seconds / 60:.1f} min: {', '.join(f'{node / 2**20:.1f}' for node in resident)} MB", flush=True)


def _verdict(chat: Chat, costs: Constants) -> str:
    if enough := fewest(chat, costs):
        return (
            f"{enough.nodes} nodes: {enough.node:.2f} of a core and {enough.memory / 2**20:.0f} MB each, "
            f"Redis {enough.redis:.2f} of a core"
        )
    most = need(chat, 64, costs)
    return f"no number of nodes; 64 exceed {' and '.join(most.limits())} ({most.node:.1f} cores each)"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=(1, 2, 4), help="default: 1 2 4")
    parser.add_argument("--people", type=int, default=2000, help="over all nodes (default: 2000)")
    parser.add_argument("--seconds", type=float, default=10, help="for each kind of work (default: 10)")
    parser.add_argument(
        "--soak", type=float, metavar="MINUTES", help="instead: how memory grows over time, with people who come and go"
    )
    parser.add_argument("--pace", type=float, default=1, help="of a soak: so many times as fast (default: 1)")
    parser.add_argument(
        "--reconnects", action="store_true", help="instead: cut all connections of one node, whose people come back"
    )
    parser.add_argument("--kept", action="store_true", help="instead: how many messages a second a node's store keeps")
    return parser.parse_args()


if __name__ == "__main__":
    main()
