"""What each kind of work costs a node, the other nodes and Redis: measured, one kind at a time."""

import contextlib
import time
from dataclasses import dataclass

from chatdesk.server.heartbeat import INTERVAL_SECONDS
from tests.bench.load import Run
from tests.bench.process import Cores
from tests.bench.scale.nodes import Cluster, cluster
from tests.bench.swarm import Swarm

_SPEAKERS = 10
"""People in the room while the cost of a message is measured: few, so that deliveries are a small part of it."""
_PACES = (20.0, 100.0, 400.0)
"""Messages a second at which their cost is measured, besides as many as the nodes can take: where fewer come, fewer
share a commit and a call of Redis, and each costs more, up to twenty times as much."""
_UNDER_WAY = 512
"""Messages while it is measured how many the nodes can take."""
DELIVERIES_PER_SECOND = 40_000
"""While their cost is measured: so few that each message goes out by itself, which is the dearest case."""
_QUIET_SECONDS = 1.5
_PAUSE_SECONDS = 3.0
"""After this a node has told the others of its people, and freed what it needed only for a moment."""
_IDLE_SECONDS = 10.0
_SILENT_SECONDS = 3 * INTERVAL_SECONDS
"""Three pings to each."""


@dataclass(frozen=True)
class Message:
    """Seconds of a core that a message takes where so many come each second: of the node of its sender, of every other
    node, and of Redis, by itself and for every node."""

    per_second: float
    own: float
    other: float
    redis: float
    redis_per_node: float


@dataclass(frozen=True)
class Constants:
    """Seconds of a core, and bytes.

    ``own`` is what the node pays whose client has joined, ``other`` what every other node pays for it. ``idle`` is what
    a node takes each second where nobody is, ``silent`` what each who is there and silent adds to that. ``messages``
    are by pace, the slowest first.
    """

    messages: tuple[Message, ...]
    delivery: float
    join_own: float
    join_other: float
    idle: float
    silent: float
    connection_bytes: float
    person_elsewhere_bytes: float
    node_bytes: float


@dataclass(frozen=True)
class Messages:
    """Of a message: what the node of its sender pays, every other node (0 without one), and Redis; how many came."""

    own: float
    other: float
    redis: float
    per_second: float


@dataclass(frozen=True)
class Joins:
    """Of a person who joins: seconds of the own node and of another one, bytes on both, and what a node is before."""

    own: float
    other: float
    own_bytes: float
    other_bytes: float
    node_bytes: float


def measure(where: Cores, people: int, seconds: float) -> Constants:
    """Measure with one node and with two, a room of this many people, and so many seconds for each kind of work.

    Each kind has a chat of its own, in which no name of the one before is kept.
    """
    with cluster(2, 2 * people, where) as pair:
        idle = _idle(pair)
        double = _messages(pair, idle, seconds)
    with cluster(1, 2 * people, where) as alone:
        single = _messages(alone, idle, seconds)
    with cluster(2, 2 * people, where) as pair:
        delivery = _delivery(pair, idle, double[0], people, seconds)
    with cluster(2, 2 * people, where) as pair:
        joins = _joins(pair, people)
    with cluster(2, 2 * people, where) as pair, contextlib.closing(pair.swarm()) as swarm:
        silent = _silent(pair, swarm, idle, people)
    return Constants(
        messages=tuple(_of_both(one, two) for one, two in zip(single, double, strict=True)),
        delivery=delivery,
        join_own=joins.own,
        join_other=joins.other,
        idle=idle,
        silent=silent,
        connection_bytes=joins.own_bytes,
        person_elsewhere_bytes=joins.other_bytes,
        node_bytes=joins.node_bytes,
    )


def _of_both(single: Messages, double: Messages) -> Message:
    per_node = max(0.0, double.redis - single.redis)
    return Message(double.per_second, double.own, double.other, max(0.0, single.redis - per_node), per_node)


def _idle(nodes: Cluster) -> float:
    before, _ = nodes.cpu_seconds()
    time.sleep(_IDLE_SECONDS)
    after, _ = nodes.cpu_seconds()
    return (sum(after) - sum(before)) / len(nodes.nodes) / _IDLE_SECONDS


def _silent(nodes: Cluster, swarm: Swarm, idle: float, people: int) -> float:
    swarm.arrive(people, lambda: None)
    swarm.settle(_QUIET_SECONDS)
    time.sleep(_PAUSE_SECONDS)
    swarm.settle(_QUIET_SECONDS)
    (before, _), started = nodes.cpu_seconds(), time.monotonic()
    while time.monotonic() < started + _SILENT_SECONDS:
        swarm.receive(_QUIET_SECONDS)  # pings, which it answers
    (after, _), lasted = nodes.cpu_seconds(), time.monotonic() - started
    return max(0.0, (sum(after) - sum(before)) / lasted - idle * len(nodes.nodes)) / people


def _messages(nodes: Cluster, idle: float, seconds: float) -> list[Messages]:
    """Everybody is at the first node, so that the others only follow."""
    with contextlib.closing(Cluster(nodes.nodes[:1], nodes.redis).swarm()) as swarm:
        swarm.connect(_SPEAKERS)
        swarm.join()
        swarm.settle()
        return [_at_pace(nodes, swarm, idle, pace, seconds) for pace in (*_PACES, 0.0)]


def _at_pace(nodes: Cluster, swarm: Swarm, idle: float, pace: float, seconds: float) -> Messages:
    """At so many messages a second; 0: as many as they can take."""
    before, redis = nodes.cpu_seconds()
    run = Run(swarm, nodes.nodes[0])
    outcome = run.steady(pace, seconds) if pace else run.saturate(_UNDER_WAY, seconds)
    after, redis_after = nodes.cpu_seconds()
    lasted = outcome.end - outcome.start
    used = [max(0.0, now - then - idle * lasted) for now, then in zip(after, before, strict=True)]
    other = sum(used[1:]) / (len(used) - 1) if len(used) > 1 else 0.0
    per_second = pace or outcome.sent / lasted
    return Messages(used[0] / outcome.sent, other / outcome.sent, (redis_after - redis) / outcome.sent, per_second)


def _delivery(nodes: Cluster, idle: float, message: Messages, people: int, seconds: float) -> float:
    """What is left of the nodes' time for each delivery, when the cost of the messages themselves is taken off."""
    with contextlib.closing(nodes.swarm()) as swarm:
        swarm.connect(people)
        swarm.join()
        swarm.settle(_QUIET_SECONDS)
        before, _ = nodes.cpu_seconds()
        outcome = Run(swarm, nodes.nodes[0]).steady(DELIVERIES_PER_SECOND / people, seconds)
        after, _ = nodes.cpu_seconds()
    messages = outcome.sent * (message.own + message.other * (len(nodes.nodes) - 1))
    idling = idle * len(nodes.nodes) * (outcome.end - outcome.start)
    return max(0.0, sum(after) - sum(before) - messages - idling) / outcome.delivered


def _joins(nodes: Cluster, people: int) -> Joins:
    own, other = nodes.nodes
    memory, (cpu, _) = [own.resident_bytes(), other.resident_bytes()], nodes.cpu_seconds()
    with contextlib.closing(Cluster([own], nodes.redis).swarm()) as swarm:
        swarm.arrive(people, lambda: None)
        swarm.settle(_QUIET_SECONDS)
        time.sleep(_PAUSE_SECONDS)
        after, _ = nodes.cpu_seconds()
        return Joins(
            own=(after[0] - cpu[0]) / people,
            other=(after[1] - cpu[1]) / people,
            own_bytes=(own.resident_bytes() - memory[0]) / people,
            other_bytes=(other.resident_bytes() - memory[1]) / people,
            node_bytes=max(memory),
        )
