"""A storm of reconnects: all connections of a node are cut at once, and its people come back to the other nodes.

They come with their tokens, and go on where they were, by (epoch, change). What was said meanwhile has to reach each of
them once.
"""

import math
import re
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from tests.bench import frames
from tests.bench.files import most_connections
from tests.bench.process import BenchError
from tests.bench.scale.crew import crew
from tests.bench.scale.nodes import Cluster
from tests.bench.swarm import Client, Swarm

_SAID_BEFORE = 3
_SAID_MEANWHILE = 20
_QUIET_SECONDS = 1.5
_PATIENCE_SECONDS = 60
_UNEVEN = 10
"""Connections of a node beyond its share, as each process divides its own people."""
_WELCOME = re.compile(rb'"epoch":"(\w+)","nickname":"Guest (\d+)","token":"([\w.]+)"')
_RESET = struct.pack("ii", 1, 0)
"""As SO_LINGER: the connection ends with a reset, like one whose way was cut."""


@dataclass(frozen=True)
class Storm:
    """How long it took until all had come; how many were cut off, the seconds until the last one of these had all, and
    what did not arrive, or too often. The nodes' memory is for each of all people, once they had come and afterwards.
    """

    came_seconds: float
    came_bytes: float
    people: int
    seconds: float
    missing: int
    surplus: int
    back_bytes: float


def connections_of_a_node(people: int, nodes: int) -> int:
    """How many a node has in a storm, at most: with one node, those that it has not noticed to be cut off, too, as far
    as it can have them."""
    if nodes > 1:
        return math.ceil(people / (nodes - 1)) + _UNEVEN
    return max(people + _UNEVEN, min(2 * people, most_connections()))


def storm(nodes: Cluster, people: int, processes: int = 0) -> Storm:
    """Have so many people come to these nodes, from so many processes or as few as can have their connections, and cut
    those of the first node.
    """
    processes = processes or math.ceil(people / most_connections())
    ports = [node.port for node in nodes.nodes]
    shares = pairwise(people * number // processes for number in range(processes + 1))
    with crew([partial(Returning, ports, first, end - first) for first, end in shares]) as load:
        empty = nodes.resident_bytes()
        came = max(load.all(Returning.come))
        load.all(Returning.settle, _QUIET_SECONDS)
        came_bytes = (nodes.resident_bytes() - empty) / people
        load.first(Returning.say, _SAID_BEFORE)
        load.all(Returning.hear, _SAID_BEFORE)
        load.all(Returning.settle, _QUIET_SECONDS)
        lost = sum(load.all(Returning.cut))
        load.first(Returning.say, _SAID_MEANWHILE)
        load.all(Returning.hear, _SAID_MEANWHILE)
        seconds = max(load.all(Returning.come_back, _SAID_BEFORE, _SAID_MEANWHILE))
        load.all(Returning.receive, _QUIET_SECONDS)
        missing, surplus = zip(*load.all(Returning.faults, _SAID_MEANWHILE), strict=True)
        back_bytes = (nodes.resident_bytes() - empty) / people
        return Storm(came, came_bytes, lost, seconds, sum(missing), sum(surplus), back_bytes)


class Returning(Swarm):
    """People who know their tokens and the room's epoch, and can come back. The first one has the number ``first``."""

    def __init__(self, ports: list[int], first: int, people: int) -> None:
        super().__init__(ports[0], others=ports[1:], number=first)
        self._first, self._others = ports[0], ports[1:] or ports
        self._people = people
        self._known: dict[Client, tuple[int, str]] = {}
        """The number in the name of each, and the token."""
        self._epoch = ""
        self._lost: list[Client] = []

    def come(self) -> float:
        """Have all of them come; returns the seconds until the last one is in the room."""
        return self.arrive(self._people, lambda: None)

    def say(self, messages: int) -> None:
        """Have those who are there say so many, one after the other."""
        there = [number for number, client in enumerate(self.clients) if client.sock.fileno() >= 0]
        for number in range(messages):
            self.send(there[number % len(there)])

    def hear(self, messages: int) -> None:
        """Wait until those who are there have heard so many since they have settled."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while (left := messages * (len(self.clients) - len(self._lost)) - self.delivered) > 0:
            self.receive(0.02)
            if time.monotonic() > until:
                raise BenchError(f"{left} deliveries did not arrive")

    def cut(self) -> int:
        """Cut all connections to the first node, with one node all but that of the last who came; returns how many."""
        lost = [client for client in self.clients if client.sock.getpeername()[1] == self._first]
        self._lost = lost if len(lost) < len(self.clients) else lost[:-1]
        for client in self._lost:
            del self._by_file[client.sock.fileno()]
            client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            client.sock.close()
        return len(self._lost)

    def come_back(self, had: int, missed: int) -> float:
        """Have those who were cut off connect to the others by turns and resume after the messages that they had, as
        many at a time as come at once; returns the seconds until each has what it has missed."""
        joined: set[Client] = set()
        welcome: set[Client] = set()

        def take(client: Client, size: int) -> bool:
            if client in joined:
                if client in welcome or Swarm._take_welcome(self, client, size):
                    welcome.add(client)
                    self._count(client, size)
                return client.taken >= missed
            if self._take_upgrade(client, size):
                resume = {"epoch": self._epoch, "seq": had, "change": had}
                number, token = self._known[client]
                client.sock.send(frames.join(number, token=token, resume=resume))
                joined.add(client)
            return False

        return self._a_few_at_a_time(self._open_again(), take)

    def faults(self, missed: int) -> tuple[int, int]:
        """Return what those have not got of so many messages each, and what they have got too often."""
        left = [missed - client.taken for client in self._lost]
        return sum(max(0, it) for it in left), sum(max(0, -it) for it in left)

    def _open_again(self) -> Iterator[Client]:
        for number, client in enumerate(self._lost):
            port = self._others[number % len(self._others)]
            client.taken, client.rest = 0, b""
            client.sock = Client(port).sock
            self._listen(client, port)
            yield client

    def _take_welcome(self, client: Client, size: int) -> bool:
        if not super()._take_welcome(client, size):
            return False
        found = _WELCOME.search(self._buffer, 0, size)
        if not found:
            raise BenchError("a welcome has no token")
        self._epoch, self._known[client] = found[1].decode(), (int(found[2]), found[3].decode())
        return True
