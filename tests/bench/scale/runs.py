"""What several nodes do together: messages to everybody at once, a storm of joins, and hours of both."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.load import Outcome, Run
from tests.bench.process import BenchError, Cores
from tests.bench.scale.constants import DELIVERIES_PER_SECOND, Constants
from tests.bench.scale.model import cores_of_messages
from tests.bench.scale.nodes import Cluster, cluster
from tests.bench.statistics import percentile

_QUIET_SECONDS = 1.5
_PAUSE_SECONDS = 3.0
_SPELL_SECONDS = 20.0
"""Of a soak, between two looks at the memory; visitors come for so long."""
_WARM_UP_SECONDS = 600.0
"""Of a soak, or half of a short one, before which memory is not looked at: caches fill."""
_SOAK_PEOPLE = 240
_SOAK_VISITORS = 60
_SOAK_MESSAGES_PER_SECOND = 20.0


@dataclass(frozen=True)
class Shared:
    """One room over several nodes. ``node_cpu`` of all, as ``predicted``, and ``redis_cpu`` are cores in use."""

    nodes: int
    arrived: float
    p50: float
    p99: float
    node_cpu: float
    redis_cpu: float
    predicted: float
    storm_seconds: float
    bytes_per_connection: float


def shared(nodes: int, where: Cores, people: int, seconds: float, costs: Constants) -> Shared:
    """Have everybody come at once to these nodes, and then messages to all of them."""
    with cluster(nodes, 2 * people, where) as running, contextlib.closing(running.swarm()) as swarm:
        memory = running.resident_bytes()
        storm = swarm.arrive(people, lambda: None)
        swarm.settle(_QUIET_SECONDS)
        time.sleep(_PAUSE_SECONDS)
        bytes_per_connection = (running.resident_bytes() - memory) / people
        before, redis = running.cpu_seconds()
        outcome = Run(swarm, running.nodes[0]).steady(DELIVERIES_PER_SECOND / people, seconds)
        after, redis_after = running.cpu_seconds()
    lasted = outcome.end - outcome.start
    return Shared(
        nodes,
        outcome.arrived,
        percentile(outcome.latencies, 50),
        percentile(outcome.latencies, 99),
        node_cpu=(sum(after) - sum(before)) / lasted,
        redis_cpu=(redis_after - redis) / lasted,
        predicted=_predicted(outcome, nodes, people, costs),
        storm_seconds=storm,
        bytes_per_connection=bytes_per_connection,
    )


def soak(nodes: int, where: Cores, minutes: float, pace: float, tell: Callable[[float, list[int]], None]) -> float:
    """Have people talk, come and go for so long, ``pace`` times as fast as usual.

    Returns by how many bytes an hour the nodes' memory grows at the end. ``tell`` is called with each moment, in
    seconds, and the bytes that each node has then.
    """
    seen: list[tuple[float, float]] = []
    with cluster(nodes, 2 * (_SOAK_PEOPLE + _SOAK_VISITORS), where) as running:
        for moment, resident in _memory_over_time(running, minutes * 60, pace):
            tell(moment, resident)
            seen.append((moment, sum(resident)))
    warm = min(_WARM_UP_SECONDS / pace, minutes * 60 / 2)
    return _slope([point for point in seen if point[0] >= warm]) * 3600


def _memory_over_time(running: Cluster, seconds: float, pace: float) -> Iterator[tuple[float, list[int]]]:
    """Moments in seconds, and the bytes that each node has then."""
    with contextlib.closing(running.swarm()) as swarm:
        swarm.arrive(_SOAK_PEOPLE, lambda: None)
        started = time.monotonic()
        while (passed := time.monotonic() - started) < seconds:
            yield passed, [node.resident_bytes() for node in running.nodes]
            swarm.arrive(_SOAK_VISITORS, lambda: None)
            outcome = Run(swarm, running.nodes[0]).steady(_SOAK_MESSAGES_PER_SECOND * pace, _SPELL_SECONDS / pace)
            if outcome.missing or outcome.surplus:
                raise BenchError(f"{outcome.missing} deliveries did not arrive, {outcome.surplus} too often")
            swarm.leave(_SOAK_VISITORS)


def _slope(points: list[tuple[float, float]]) -> float:
    """The line through the points that is nearest to them; 0 of fewer than two."""
    if len(points) < 2:
        return 0.0
    middle = sum(x for x, _ in points) / len(points)
    return sum((x - middle) * y for x, y in points) / sum((x - middle) ** 2 for x, _ in points)


def _predicted(outcome: Outcome, nodes: int, people: int, costs: Constants) -> float:
    """Return in cores what the nodes take together."""
    lasted = outcome.end - outcome.start
    messages = cores_of_messages(costs.messages, outcome.sent / lasted, lambda it: it.own + it.other * (nodes - 1))
    return messages + outcome.delivered * costs.delivery / lasted + nodes * costs.idle + people * costs.silent
