"""A storm of reconnects: all connections of a node are cut at once, and its people come back to the other nodes.

They come with their tokens, and go on where they were, by (epoch, change). What was said meanwhile has to reach each of
them once.
"""

import re
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import frames
from tests.bench.process import BenchError
from tests.bench.scale.nodes import Cluster
from tests.bench.swarm import Client, Swarm

_SAID_BEFORE = 3
_SAID_MEANWHILE = 20
_QUIET_SECONDS = 1.5
_WELCOME = re.compile(rb'"epoch":"(\w+)","nickname":"Guest (\d+)","token":"([\w.]+)"')
_RESET = struct.pack("ii", 1, 0)
"""As SO_LINGER: the connection ends with a reset, like one whose way was cut."""


@dataclass(frozen=True)
class Storm:
    """How many were cut off, the seconds until the last one had all, and what did not arrive, or too often."""

    people: int
    seconds: float
    missing: int
    surplus: int


def storm(nodes: Cluster, people: int) -> Storm:
    """Have so many people come to these nodes, and cut those of the first one."""
    swarm = Returning(nodes)
    try:
        swarm.arrive(people, lambda: None)
        swarm.settle(_QUIET_SECONDS)
        _say(swarm, range(people - _SAID_BEFORE, people))
        _receive(swarm, _SAID_BEFORE * people)
        swarm.settle(_QUIET_SECONDS)
        lost = swarm.cut()
        there = [number for number, client in enumerate(swarm.clients) if client not in lost]
        _say(swarm, [there[number % len(there)] for number in range(_SAID_MEANWHILE)])
        _receive(swarm, _SAID_MEANWHILE * len(there))
        seconds = swarm.come_back(lost, _SAID_BEFORE)
        swarm.receive(_QUIET_SECONDS)
        left = [_SAID_MEANWHILE - client.taken for client in lost]
        return Storm(len(lost), seconds, sum(it for it in left if it > 0), -sum(it for it in left if it < 0))
    finally:
        swarm.close()


def _say(swarm: Swarm, numbers: range | list[int]) -> None:
    for number in numbers:
        swarm.send(number)


def _receive(swarm: Swarm, deliveries: int) -> None:
    until = time.monotonic() + 30
    while swarm.delivered < deliveries:
        swarm.receive(0.02)
        if time.monotonic() > until:
            raise BenchError(f"{deliveries - swarm.delivered} deliveries did not arrive")


class Returning(Swarm):
    """People who know their tokens and the room's epoch, and can come back."""

    def __init__(self, nodes: Cluster) -> None:
        self._first, *others = (node.port for node in nodes.nodes)
        super().__init__(self._first, others=others)
        self._others = others or [self._first]
        self._known: dict[Client, tuple[int, str]] = {}
        """The number in the name of each, and the token."""
        self._epoch = ""

    def cut(self) -> list[Client]:
        """Cut all connections to the first node; with a single one, all but that of the last who came."""
        lost = [client for client in self.clients if client.sock.getpeername()[1] == self._first]
        lost = lost if len(lost) < len(self.clients) else lost[:-1]
        for client in lost:
            del self._by_file[client.sock.fileno()]
            client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            client.sock.close()
        return lost

    def come_back(self, lost: list[Client], had: int) -> float:
        """Have them connect to the others by turns and resume after the messages that they had, as many at a time as
        come at once; returns the seconds until each has what it has missed."""
        joined: set[Client] = set()

        def take(client: Client, size: int) -> bool:
            if client in joined:
                self._count(client, size)
                return client.taken >= _SAID_MEANWHILE
            if self._take_upgrade(client, size):
                resume = {"epoch": self._epoch, "seq": had, "change": had}
                number, token = self._known[client]
                client.sock.send(frames.join(number, token=token, resume=resume))
                joined.add(client)
            return False

        return self._a_few_at_a_time(self._open_again(lost), take)

    def _open_again(self, lost: list[Client]) -> Iterator[Client]:
        for number, client in enumerate(lost):
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
