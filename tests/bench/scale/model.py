"""Where the next limit is: how many nodes a chat of so many people needs, and what it meets first.

Every node follows every message and knows everybody, so that any node will do for a client. That part of the work is
not shared by adding nodes; the model says at which size it fills one by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.scale.constants import Constants, Message

CORE_SHARE = 0.7
"""Of a core that a process may use on average: what is left takes bursts."""
NODE_BYTES = 4 * 2**30
"""Of memory that a node may use."""
_MOST_NODES = 64


@dataclass(frozen=True)
class Chat:
    """What people do: how many are there, how many of them hear each message, what each says, how fast they come."""

    people: int
    room: int = 30
    messages_per_person: float = 1 / 120
    """A second: everybody says something every two minutes."""
    arrival_seconds: float = 900.0
    """In which all of them come: a quarter of an hour in the morning."""

    @property
    def messages(self) -> float:
        """A second, over all rooms."""
        return self.people * self.messages_per_person

    @property
    def joins(self) -> float:
        """A second, while people come."""
        return self.people / self.arrival_seconds


@dataclass(frozen=True)
class Need:
    """Of each node and of Redis: seconds of a core per second; of a node, bytes."""

    nodes: int
    node: float
    redis: float
    memory: float

    def limits(self) -> list[str]:
        """Return what is exceeded, in words."""
        return [
            words
            for words, exceeded in (
                ("a node's processor", self.node > CORE_SHARE),
                ("Redis' processor", self.redis > CORE_SHARE),
                ("a node's memory", self.memory > NODE_BYTES),
            )
            if exceeded
        ]


def need(chat: Chat, nodes: int, costs: Constants) -> Need:
    """Return what this many nodes need while people come and talk."""
    own = 1 / nodes
    message = cores_of_messages(costs.messages, chat.messages, lambda it: it.own * own + it.other * (1 - own))
    join = costs.join_own * own + costs.join_other * (1 - own)
    deliveries = chat.messages * min(chat.room, chat.people)
    return Need(
        nodes,
        node=costs.idle
        + message
        + chat.joins * join
        + (deliveries * costs.delivery + chat.people * costs.silent) * own,
        redis=cores_of_messages(costs.messages, chat.messages, lambda it: it.redis + it.redis_per_node * nodes),
        memory=costs.node_bytes
        + chat.people * (own * costs.connection_bytes + (1 - own) * costs.person_elsewhere_bytes),
    )


def cores_of_messages(paces: Sequence[Message], per_second: float, cost: Callable[[Message], float]) -> float:
    """Return how many cores so many messages a second take, by what they ``cost`` at the ``paces`` before and after."""
    below, used = 0.0, 0.0
    for pace in paces:
        at_pace = max(used, pace.per_second * cost(pace))
        if per_second <= pace.per_second:
            return used + (at_pace - used) * (per_second - below) / (pace.per_second - below)
        below, used = pace.per_second, at_pace
    return max(used, per_second * cost(paces[-1]))


def fewest(chat: Chat, costs: Constants) -> Need | None:
    """Return the fewest nodes that suffice; None if more nodes do not help."""
    needs = (need(chat, nodes, costs) for nodes in range(1, _MOST_NODES + 1))
    return next((found for found in needs if not found.limits()), None)


def largest(chat: Chat, nodes: int, costs: Constants) -> int:
    """Return how many people fit on this many nodes, if they do the same as those of ``chat``."""
    fits, exceeds = 0, 1
    while not need(_of_size(chat, exceeds), nodes, costs).limits():
        fits, exceeds = exceeds, exceeds * 2
    while exceeds - fits > max(1, fits // 1000):
        middle = (fits + exceeds) // 2
        if need(_of_size(chat, middle), nodes, costs).limits():
            exceeds = middle
        else:
            fits = middle
    return fits


def _of_size(chat: Chat, people: int) -> Chat:
    return Chat(people, chat.room, chat.messages_per_person, chat.arrival_seconds)
