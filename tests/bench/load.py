"""The load: messages at a fixed rate, or as many as the server can deliver."""

import time
from dataclasses import dataclass
from math import inf

from tests.bench.process import Server
from tests.bench.swarm import Swarm

_TICK = 0.05  # seconds between two looks at the deadline; deliveries are received without delay


@dataclass(frozen=True)
class Outcome:
    """What became of the messages sent between ``start`` and ``end`` (seconds of the monotonic clock).

    ``missing`` counts deliveries that did not arrive, ``surplus`` those that arrived too often. ``latencies`` are in
    milliseconds, ascending; ``server_cpu`` and ``load_cpu`` in seconds.
    """

    start: float
    end: float
    sent: int
    delivered: int
    missing: int
    surplus: int
    latencies: list[float]
    server_cpu: float
    load_cpu: float

    @property
    def arrived(self) -> float:
        """The share of deliveries that arrived, in percent; 100 only if none is missing or surplus."""
        due = self.delivered + self.missing - self.surplus
        return 100 * (1 - (self.missing + self.surplus) / max(1, due))

    @property
    def per_second(self) -> float:
        """Deliveries per second."""
        return self.delivered / (self.end - self.start)


class Run:
    """One load on one server, from a quiet start to the last delivery.

    A delivery that has not arrived ``patience`` seconds after the last message was sent counts as missing.
    """

    def __init__(self, swarm: Swarm, server: Server, patience: float = 20) -> None:
        swarm.settle()
        self._swarm = swarm
        self._server = server
        self._patience = patience
        self._stamps: list[int] = []
        self._cpu = server.cpu_seconds()
        self._own_cpu = time.process_time()
        self._start = time.monotonic()

    def steady(self, rate: float, seconds: float) -> Outcome:
        """Send ``rate`` messages a second for ``seconds``, however fast the server delivers them."""
        for number in range(round(rate * seconds)):
            due = self._start + number / rate
            while (wait := due - time.monotonic()) > 0:
                self._swarm.receive(wait)
            self._send()
            if number % 16 == 0:
                self._swarm.receive(0)  # when sending lags behind, receiving must not starve
        return self._drain()

    def saturate(self, under_way: int, seconds: float, messages: float = inf) -> Outcome:
        """Send as fast as the server delivers, with at most ``under_way`` messages that are not fully delivered."""
        size = len(self._swarm.clients)
        while time.monotonic() < self._start + seconds and len(self._stamps) < messages:
            while (len(self._stamps) - under_way) * size < self._swarm.delivered and len(self._stamps) < messages:
                self._send()
            self._swarm.receive(_TICK)
        return self._drain()

    def _send(self) -> None:
        self._stamps.append(self._swarm.send(len(self._stamps)))

    def _drain(self) -> Outcome:
        deadline = time.monotonic() + self._patience
        while self._swarm.delivered < len(self._stamps) * len(self._swarm.clients) and time.monotonic() < deadline:
            self._swarm.receive(_TICK)
        return self._outcome()

    def _outcome(self) -> Outcome:
        end = time.monotonic()
        sent, clients = len(self._stamps), self._swarm.clients
        unseen = [len(set(self._stamps) - set(client.stamps)) for client in clients if client.stamps is not None]
        return Outcome(
            start=self._start,
            end=end,
            sent=sent,
            delivered=self._swarm.delivered,
            missing=max(sum(max(0, sent - client.taken) for client in clients), sum(unseen)),
            surplus=sum(max(0, client.taken - sent) for client in clients),
            latencies=sorted(nanoseconds / 1e6 for nanoseconds in self._swarm.latencies),
            server_cpu=self._server.cpu_seconds() - self._cpu,
            load_cpu=time.process_time() - self._own_cpu,
        )
