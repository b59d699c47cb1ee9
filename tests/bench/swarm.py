"""A thousand clients in one thread, with raw sockets and one epoll."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator

from tests.bench import frames
from tests.bench.health import HealthProbe
from tests.bench.process import BenchError

UNDER_WAY = 128
"""Clients that connect or join at the same time."""
_BUFFER_BYTES = 256 * 1024  # mostly all that a socket holds; one buffer serves all clients
_EVENTS = 512  # sockets per call of epoll: half of all clients, so that sending is not delayed
_SAMPLES = 32  # clients whose latencies are recorded; more would cost the load's core too much
_STALLED_SECONDS = 60  # without one more answer; a server under load is slow, but not as slow
_QUIET_SECONDS = 0.3  # without data; presence events are batched for less


class Client:
    """One client: its socket, and how many messages have reached it."""

    __slots__ = ("rest", "sock", "stamps", "taken")

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.sock.setblocking(False)
        self.taken = 0
        self.stamps: list[int] | None = None
        """For a client of the sample, when each message that reached it was sent; None for the others."""
        self.rest = b""
        """The end of the last read, as a stamp may continue in the next one."""


class Swarm:
    """Clients of the server at ``port``. Each method that acts on all of them returns when the last one is done."""

    def __init__(self, port: int, health: bool = False) -> None:
        self.clients: list[Client] = []
        self.delivered = 0
        self.latencies: list[int] = []
        """Nanoseconds from sending to arrival, for the clients of the sample."""
        self.health = HealthProbe(port) if health else None
        self._port = port
        self._epoll = select.epoll()
        self._by_file: dict[int, Client] = {}
        self._buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._joined = 0
        if self.health:
            self._epoll.register(self.health.fileno(), select.EPOLLIN)

    def close(self) -> None:
        """Close all connections."""
        for client in self.clients:
            client.sock.close()
        if self.health:
            self.health.close()
        self._epoll.close()

    def connect(self, count: int) -> float:
        """Open this many further connections; returns the seconds until the server has accepted the last one."""
        started = time.perf_counter()
        accepted = iter(range(1, count + 1))
        waiting: set[Client] = set()

        def take(client: Client, size: int) -> None:
            client.rest += self._view[:size]
            if client.rest.endswith(b"\r\n\r\n"):
                self._check_upgrade(client)
                waiting.discard(client)

        self._a_few_at_a_time(accepted, waiting, lambda _number: self._open(), take)
        return time.perf_counter() - started

    def join(self) -> float:
        """Have all clients join that have not; returns the seconds until the last one is in the room."""
        started = time.perf_counter()
        newcomers = iter(range(self._joined, len(self.clients)))
        waiting: set[Client] = set()

        def enter(number: int) -> Client:
            self.clients[number].sock.send(frames.join(number))
            return self.clients[number]

        def take(client: Client, size: int) -> None:
            if client in waiting:
                self._check_welcome(client, size)
                waiting.discard(client)

        self._a_few_at_a_time(newcomers, waiting, enter, take)
        self._joined = len(self.clients)
        return time.perf_counter() - started

    def settle(self) -> None:
        """Wait until no more data arrives; then reset the counts, and choose a new sample."""
        quiet_since = time.perf_counter()
        while time.perf_counter() < quiet_since + _QUIET_SECONDS:
            if self.pump(_QUIET_SECONDS, lambda _client, _size: None):
                quiet_since = time.perf_counter()
        self.delivered = 0
        self.latencies = []
        for client in self.clients:
            client.taken, client.stamps, client.rest = 0, None, b""
        for client in self.clients[:: max(1, len(self.clients) // _SAMPLES)]:
            client.stamps = []

    def send(self, number: int) -> int:
        """Send a message as one of the clients; returns its stamp."""
        stamp = time.monotonic_ns()
        self.clients[number % len(self.clients)].sock.send(frames.message(stamp))
        return stamp

    def receive(self, timeout: float) -> None:
        """Count what arrives, until nothing has arrived for ``timeout`` seconds."""
        self.pump(timeout, self._count)
        if self.health:
            self.health.ask_when_due()

    def pump(self, timeout: float, take: Callable[[Client, int], None]) -> bool:
        """Pass what has arrived to ``take``, once per client; returns whether there was anything."""
        by_file, buffer = self._by_file, self._buffer
        ready = self._epoll.poll(timeout, _EVENTS)
        for file, _events in ready:
            client = by_file.get(file)
            if client is None:
                self._take_health()
                continue
            size = client.sock.recv_into(buffer)
            if not size:
                raise BenchError("the server has closed a connection")
            take(client, size)
        return bool(ready)

    def _count(self, client: Client, size: int) -> None:
        found = self._buffer.count(frames.MARK, 0, size)
        client.taken += found
        self.delivered += found
        if client.stamps is not None:
            self._sample(client, client.stamps, size)

    def _sample(self, client: Client, stamps: list[int], size: int) -> None:
        now = time.monotonic_ns()
        data = client.rest + self._view[:size]
        sent = [int(stamp) for stamp in frames.STAMP.findall(data)]
        stamps += sent
        self.latencies += [now - stamp for stamp in sent]
        client.rest = data[-frames.STAMP_DIGITS :]

    def _open(self) -> Client:
        client = Client(self._port)
        self.clients.append(client)
        self._by_file[client.sock.fileno()] = client
        self._epoll.register(client.sock.fileno(), select.EPOLLIN)
        client.sock.send(frames.upgrade(self._port))
        return client

    def _a_few_at_a_time(
        self,
        numbers: Iterator[int],
        waiting: set[Client],
        begin: Callable[[int], Client],
        take: Callable[[Client, int], None],
    ) -> None:
        deadline = time.perf_counter() + _STALLED_SECONDS
        more = True
        while more or waiting:
            while more and len(waiting) < UNDER_WAY:
                number = next(numbers, None)
                more = number is not None
                if number is not None:
                    waiting.add(begin(number))
            self.pump(0.1, take)
            if time.perf_counter() > deadline:
                raise BenchError(f"{len(waiting)} clients got no answer within {_STALLED_SECONDS} s")

    def _check_upgrade(self, client: Client) -> None:
        if not client.rest.startswith(b"HTTP/1.1 101 "):
            raise BenchError(f"the server refused a WebSocket: {client.rest[:200]!r}")
        client.rest = b""

    def _check_welcome(self, _client: Client, size: int) -> None:
        answer = bytes(self._view[: min(size, 200)])
        if b'"welcome"' not in answer:
            raise BenchError(f"the server refused a join: {answer!r}")

    def _take_health(self) -> None:
        if self.health:
            self.health.take()
