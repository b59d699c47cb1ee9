"""A thousand clients in one thread, with raw sockets and one epoll."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence

from tests.bench import frames
from tests.bench.health import HealthProbe
from tests.bench.process import BenchError

UNDER_WAY = 128
"""Clients that connect or join at the same time."""
_BUFFER_BYTES = 256 * 1024  # mostly all that a socket holds; one buffer serves all clients
_EVENTS = 512  # sockets per call of epoll: half of all clients, so that sending is not delayed
_SAMPLES = 32  # clients whose latencies are recorded; more would cost the load's core too much
_STALLED_SECONDS = 60  # without any answer
_TURN_SECONDS = 0.02  # of waiting for answers, between two looks at what else is due
QUIET_SECONDS = 0.3
"""Without data; after this a small room has nothing more to send."""


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
    """Clients of the server at ``port``. Each method that acts on all of them returns when the last one is done.

    A server that has no joins, ``joins=False``, sends everything to all connections. With ``others``, the ports of
    further nodes of the same chat, the clients connect to all of them by turns. ``number`` is in the first one's name.
    """

    def __init__(
        self, port: int, health: bool = False, joins: bool = True, others: Sequence[int] = (), number: int = 0
    ) -> None:
        self.clients: list[Client] = []
        self.delivered = 0
        self.received_bytes = 0
        self.latencies: list[int] = []
        """Nanoseconds from sending to arrival, for the clients of the sample."""
        self.health = HealthProbe(port) if health else None
        self._ports = (port, *others)
        self._epoll = select.epoll()
        self._by_file: dict[int, Client] = {}
        self._buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._joins = joins
        self._joined = 0
        self._number = number
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
        return self._a_few_at_a_time((self._open() for _ in range(count)), self._take_upgrade)

    def join(self) -> float:
        """Have all clients join that have not; returns the seconds until the last one is in the room."""
        if not self._joins:
            return 0.0
        newcomers = self.clients[self._joined :]
        return self._a_few_at_a_time((self._enter(client) for client in newcomers), self._take_welcome)

    def arrive(self, count: int, meanwhile: Callable[[], None]) -> float:
        """Have this many people connect and at once join; returns the seconds until the last one is in the room.

        Those who are in the room read what they are sent. ``meanwhile`` is called again and again.
        """
        upgraded: set[Client] = set()

        def take(client: Client, size: int) -> bool:
            if client in upgraded:
                return self._take_welcome(client, size)
            if not self._take_upgrade(client, size):
                return False
            upgraded.add(client)
            return not self._joins or not self._enter(client)

        return self._a_few_at_a_time((self._open() for _ in range(count)), take, meanwhile)

    def leave(self, count: int) -> None:
        """Close the connections of those who came last; whoever comes after them has another name."""
        for client in self.clients[-count:]:
            del self._by_file[client.sock.fileno()]
            client.sock.close()
        del self.clients[-count:]
        self._joined -= count
        self._number += count

    def settle(self, quiet: float = QUIET_SECONDS) -> None:
        """Wait until no more data arrives for ``quiet`` seconds; then reset the counts, and choose a new sample."""
        quiet_since = time.perf_counter()
        while time.perf_counter() < quiet_since + quiet:
            if self.pump(quiet, lambda _client, _size: None):
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
        """Pass what has arrived to ``take``, once per client, and answer pings; returns whether there was anything."""
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
            self.received_bytes += size
            self._answer_ping(client, size)
            take(client, size)
        return bool(ready)

    def _answer_ping(self, client: Client, size: int) -> None:
        """Send a pong if what was read has a ping, which may go on in the next read. Almost no message has its byte."""
        at = self._buffer.find(frames.PING[0], 0, size)
        if at >= 0 and (at == size - 1 or self._buffer.find(frames.PING, at, size) >= 0):
            client.sock.send(frames.PONG)

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
        port = self._ports[len(self.clients) % len(self._ports)]
        client = Client(port)
        self.clients.append(client)
        self._listen(client, port)
        return client

    def _listen(self, client: Client, port: int) -> None:
        """Ask for a WebSocket over its socket, and read what comes over it from now on."""
        self._by_file[client.sock.fileno()] = client
        self._epoll.register(client.sock.fileno(), select.EPOLLIN)
        client.sock.send(frames.upgrade(port))

    def _enter(self, client: Client) -> Client:
        client.sock.send(frames.join(self._number + self._joined))
        self._joined += 1
        return client

    def _a_few_at_a_time(
        self,
        begin: Iterator[Client],
        take: Callable[[Client, int], bool],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> float:
        """Begin with one client after the other, until ``take`` has returned for each that it is done."""
        started = answered = time.perf_counter()
        waiting: set[Client] = set()

        def receive(client: Client, size: int) -> None:
            nonlocal answered
            if client in waiting:
                if take(client, size):
                    waiting.discard(client)
                    answered = time.perf_counter()
            elif client.stamps is not None:
                self._count(client, size)

        more = True
        while more or waiting:
            while more and len(waiting) < UNDER_WAY:
                client = next(begin, None)
                more = client is not None
                if client:
                    waiting.add(client)
            self.pump(_TURN_SECONDS, receive)
            meanwhile()
            if time.perf_counter() > answered + _STALLED_SECONDS:
                got = sorted((client.taken, client.rest[-80:]) for client in waiting)[0]
                raise BenchError(f"{len(waiting)} clients got no answer within {_STALLED_SECONDS} s; one has {got}")
        return time.perf_counter() - started

    def _take_upgrade(self, client: Client, size: int) -> bool:
        client.rest += self._view[:size]
        if b"\r\n\r\n" not in client.rest:  # behind it there may be pings already
            return False
        if not client.rest.startswith(b"HTTP/1.1 101 "):
            raise BenchError(f"the server refused a WebSocket: {client.rest[:200]!r}")
        client.rest = b""
        return True

    def _take_welcome(self, _client: Client, size: int) -> bool:
        answer = bytes(self._view[: min(size, 200)]).lstrip(frames.PING)  # any number of them
        if not answer:
            return False
        if b'"welcome"' not in answer:
            raise BenchError(f"the server refused a join: {answer!r}")
        return True

    def _take_health(self) -> None:
        if self.health:
            self.health.take()
