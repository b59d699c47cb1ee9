"""What each kind of work costs a node, the other nodes and Redis: measured, one kind at a time."""

import contextlib
import time
from dataclasses import dataclass

from tests.bench.load import Run
from tests.bench.process import Cores
from tests.bench.scale.nodes import Cluster, cluster

_SPEAKERS = 10
"""People in the room while the cost of a message is measured: few, so that deliveries are a small part of it."""
_UNDER_WAY = 512
"""Messages while their cost is measured: as many as the nodes can take, for the limit is what is looked for. Where
fewer come, fewer share a commit and a call of Redis, and each costs more."""
DELIVERIES_PER_SECOND = 40_000
"""While their cost is measured: so few that each message goes out by itself, which is the dearest case."""
_QUIET_SECONDS = 1.5
_PAUSE_SECONDS = 3.0
"""After this a node has told the others of its people, and freed what it needed only for a moment."""


@dataclass(frozen=True)
class Constants:
    """Seconds of a core, and bytes.

    ``own`` is what the node pays whose client has sent the message or has joined, ``other`` what every other node
    pays for it. ``redis`` is what Redis pays for a message, and ``redis_per_node`` besides for every node.
    """

    message_own: float
    message_other: float
    delivery: float
    join_own: float
    join_other: float
    redis: float
    redis_per_node: float
    connection_bytes: float
    person_elsewhere_bytes: float
    node_bytes: float
    messages_per_second: float
    """That two nodes have taken, with Redis on the same core."""


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
    with cluster(1, 2 * people, where) as alone:
        single = _messages(alone, seconds)
    with cluster(2, 2 * people, where) as pair:
        double = _messages(pair, seconds)
    with cluster(2, 2 * people, where) as pair:
        delivery = _delivery(pair, double, people, seconds)
    with cluster(2, 2 * people, where) as pair:
        joins = _joins(pair, people)
    per_node = max(0.0, double.redis - single.redis)
    return Constants(
        message_own=double.own,
        message_other=double.other,
        delivery=delivery,
        join_own=joins.own,
        join_other=joins.other,
        redis=max(0.0, single.redis - per_node),
        redis_per_node=per_node,
        connection_bytes=joins.own_bytes,
        person_elsewhere_bytes=joins.other_bytes,
        node_bytes=joins.node_bytes,
        messages_per_second=double.per_second,
    )


def _messages(nodes: Cluster, seconds: float) -> Messages:
    """Everybody is at the first node, so that the others only follow."""
    with contextlib.closing(Cluster(nodes.nodes[:1], nodes.redis).swarm()) as swarm:
        swarm.connect(_SPEAKERS)
        swarm.join()
        swarm.settle()
        before, redis = nodes.cpu_seconds()
        outcome = Run(swarm, nodes.nodes[0]).saturate(_UNDER_WAY, seconds)
        after, redis_after = nodes.cpu_seconds()
    used = [now - then for now, then in zip(after, before, strict=True)]
    other = sum(used[1:]) / (len(used) - 1) if len(used) > 1 else 0.0
    per_second = outcome.sent / (outcome.end - outcome.start)
    return Messages(used[0] / outcome.sent, other / outcome.sent, (redis_after - redis) / outcome.sent, per_second)


def _delivery(nodes: Cluster, message: Messages, people: int, seconds: float) -> float:
    """What is left of the nodes' time for each delivery, when the cost of the messages themselves is taken off."""
    with contextlib.closing(nodes.swarm()) as swarm:
        swarm.connect(people)
        swarm.join()
        swarm.settle(_QUIET_SECONDS)
        before, _ = nodes.cpu_seconds()
        outcome = Run(swarm, nodes.nodes[0]).steady(DELIVERIES_PER_SECOND / people, seconds)
        after, _ = nodes.cpu_seconds()
    messages = outcome.sent * (message.own + message.other * (len(nodes.nodes) - 1))
    return max(0.0, sum(after) - sum(before) - messages) / outcome.delivered


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
