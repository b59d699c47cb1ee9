"""The parts of the benchmark. Each starts a server of its own and returns figures by the names in ``table``."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping

from tests.bench.contenders import Contender
from tests.bench.large_rooms import joins, rooms
from tests.bench.load import Outcome, Run
from tests.bench.log import log
from tests.bench.plan import Figures, Plan
from tests.bench.process import Server, running
from tests.bench.statistics import gaps, percentile
from tests.bench.swarm import Swarm

_PAUSE_SECONDS = 1.0
"""After this the server has freed what it needed only for a moment."""


def deliveries(contender: Contender, plan: Plan) -> Figures:
    """Measure at fixed rates how much arrives, how soon, at what cost, and how window and /health respond meanwhile."""
    figures: Figures = {}
    outcomes: dict[int, Outcome] = {}
    with _crowd(contender, plan, health=contender.ours) as (server, swarm):
        for rate in plan.rates:
            outcome = outcomes[rate] = Run(swarm, server).steady(rate, plan.seconds)
            figures |= _delivery_figures(rate, outcome)
            if swarm.health:
                figures[f"health p99 at {rate}"] = percentile(sorted(swarm.health.seconds), 99) * 1000
                swarm.health.seconds.clear()
    painted = server.frames
    for rate, outcome in outcomes.items():
        if painted:
            figures[f"frame gap p99 at {rate}"] = percentile(gaps(painted, outcome.start, outcome.end), 99) * 1000
    return figures


def saturation(contender: Contender, plan: Plan) -> Figures:
    """Measure the most deliveries a second, with more or fewer messages under way at once."""
    with _crowd(contender, plan) as (server, swarm):
        outcomes = [Run(swarm, server).saturate(under_way, plan.seconds / 2) for under_way in plan.under_way]
    best = max(outcomes, key=lambda outcome: outcome.per_second)
    return {
        "saturation": best.per_second,
        "saturation complete": min(outcome.arrived for outcome in outcomes),
        "saturation p99": percentile(best.latencies, 99),
        "saturation cpu": best.server_cpu / max(1, best.delivered) * 1e6,
        "saturation load": best.load_cpu / (best.end - best.start) * 100,
    }


def memory(contender: Contender, plan: Plan) -> Figures:
    """Measure the server's memory for each further client that has joined and is idle."""
    fewer, more = plan.idle
    with (
        running(contender, plan.cores) as server,
        contextlib.closing(Swarm(server.port, joins=contender.joins)) as swarm,
    ):
        before = _resident_after(swarm, server, fewer)
        after = _resident_after(swarm, server, more - fewer)
    return {"memory": (after - before) / (more - fewer) / 1024}


def accept(contender: Contender, plan: Plan) -> Figures:
    """Measure how long many connections take to become WebSockets."""
    with (
        running(contender, plan.cores) as server,
        contextlib.closing(Swarm(server.port, joins=contender.joins)) as swarm,
    ):
        cpu = server.cpu_seconds()
        seconds = swarm.connect(plan.accepted)
        return {"accept": seconds, "accept cpu": server.cpu_seconds() - cpu}


PARTS: Mapping[str, Callable[[Contender, Plan], Figures]] = {
    "deliveries": deliveries,
    "saturation": saturation,
    "memory": memory,
    "accept": accept,
    "log": log,
    "joins": joins,
    "rooms": rooms,
}


@contextlib.contextmanager
def _crowd(contender: Contender, plan: Plan, health: bool = False) -> Iterator[tuple[Server, Swarm]]:
    """Start a server, and have all clients join it."""
    with (
        running(contender, plan.cores) as server,
        contextlib.closing(Swarm(server.port, health, contender.joins)) as swarm,
    ):
        swarm.connect(plan.clients)
        swarm.join()
        yield server, swarm


def _delivery_figures(rate: int, outcome: Outcome) -> Figures:
    return {
        f"complete at {rate}": outcome.arrived,
        f"p50 at {rate}": percentile(outcome.latencies, 50),
        f"p99 at {rate}": percentile(outcome.latencies, 99),
        f"cpu at {rate}": outcome.server_cpu / max(1, outcome.delivered) * 1e6,
        f"load at {rate}": outcome.load_cpu / (outcome.end - outcome.start) * 100,
    }


def _resident_after(swarm: Swarm, server: Server, newcomers: int) -> int:
    swarm.connect(newcomers)
    swarm.join()
    swarm.settle()
    time.sleep(_PAUSE_SECONDS)
    return server.resident_bytes()
