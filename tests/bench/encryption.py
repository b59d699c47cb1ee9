"""What encryption costs a server: memory of a connection, and how long others wait while many shake hands at once.

``python -m tests.bench.encryption`` starts the real program twice, plain and with ``--tls``, and prints both.
"""

import json
import multiprocessing
import selectors
import socket
import ssl
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median, quantiles
from typing import NamedTuple

from tests.bench.files import allow_connections
from tests.e2e.serving import Serving

BURST = 1000
_IDLE = 400
_NETWORKS = 1000
_QUIET_SECONDS, _LONGEST_SECONDS = 3.0, 60.0
_BURSTS = 5  # each takes a second or two: too short for a p99
_PAUSE_SECONDS = 0.02
_SETTLE_SECONDS = 2.0  # newcomers have been taken in
_LIMIT_KB, _LIMIT_TIMES = 40, 2.0
_KEY = "dGhlIHNhbXBsZSBub25jZQ=="


class Bystander:
    """Somebody in the chat, who asks the server again and again whether it is there, and notes how long that takes."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(_upgrade(port))
        self._read_until(b"\r\n\r\n")
        self._send({"type": "join", "nickname": "Bystander"})
        self._read_until(b"user_joined")

    def waits(self, goes_on: Callable[[], bool]) -> list[float]:
        """Milliseconds of each answer, as long as ``goes_on``."""
        waits = []
        while goes_on():
            started = time.perf_counter()
            self._send({"type": "ping"})
            self._read_until(b'"pong"')
            waits.append((time.perf_counter() - started) * 1000)
            time.sleep(_PAUSE_SECONDS)
        return waits

    def _send(self, command: dict[str, str]) -> None:
        data = json.dumps(command).encode()
        self._socket.sendall(bytes([0x81, 0x80 | len(data), 0, 0, 0, 0]) + data)

    def _read_until(self, end: bytes) -> None:
        received = b""
        while end not in received:
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError
            received += data


def _upgrade(port: int) -> bytes:
    fields = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {_KEY}\r\nSec-WebSocket-Version: 13"
    return f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{fields}\r\n\r\n".encode()


def _trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class _Stages(NamedTuple):
    """What the two processes tell each other: all connections are open, the burst may begin, it has ended."""

    opened: "multiprocessing.synchronize.Event"
    ready: "multiprocessing.synchronize.Event"
    done: "multiprocessing.synchronize.Event"


def _shake_hands(port: int, stages: _Stages) -> None:
    """Open all connections, send all first messages at once, and complete each handshake as soon as it goes on."""
    context, selector = _trusting(), selectors.DefaultSelector()
    opened = []
    for number in range(BURST):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            own = (
                f"127.0.{1 + number % _NETWORKS // 250}.{1 + number % 250}",
                0,
            )  # a hall of people, each with a device
            opened.append((socket.create_connection(("127.0.0.1", port), source_address=own), tls, incoming, outgoing))
    stages.opened.set()
    stages.ready.wait()
    for connection, tls, incoming, outgoing in opened:
        connection.sendall(outgoing.read())
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ, (tls, incoming, outgoing))
    left = len(opened)
    while left:
        for key, _ in selector.select():
            tls, incoming, outgoing = key.data
            incoming.write(key.fileobj.recv(65536))  # type: ignore[union-attr]
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                continue
            key.fileobj.sendall(outgoing.read())  # type: ignore[union-attr]
            selector.unregister(key.fileobj)
            left -= 1
    stages.done.set()


def burst(port: int) -> tuple[list[float], list[float], float]:
    """The bystander's waits in milliseconds, quiet and during the burst, and how many seconds that takes."""
    spawn = multiprocessing.get_context("spawn")
    stages = _Stages(spawn.Event(), spawn.Event(), spawn.Event())
    load = spawn.Process(target=_shake_hands, args=(port, stages))
    load.start()
    stages.opened.wait()
    time.sleep(_SETTLE_SECONDS)
    bystander = Bystander(port)
    until = time.monotonic() + _QUIET_SECONDS
    quiet = bystander.waits(lambda: time.monotonic() < until)
    stages.ready.set()
    started = time.monotonic()
    busy = bystander.waits(lambda: not stages.done.is_set() and time.monotonic() < started + _LONGEST_SECONDS)
    took = time.monotonic() - started
    load.join()
    return quiet, busy, took


def memory_per_connection(port: int, *, encrypted: bool) -> float:
    """KB of the server for each silent WebSocket."""
    with ExitStack() as stack:
        context = _trusting() if encrypted else None
        for _ in range(_IDLE // 8):
            stack.enter_context(_silent(port, context))
        before = _memory(port)
        for _ in range(_IDLE):
            stack.enter_context(_silent(port, context))
        return (_memory(port) - before) / 1024 / _IDLE


def _silent(port: int, context: ssl.SSLContext | None) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    if context:
        connection = context.wrap_socket(connection)
    connection.sendall(_upgrade(port))
    connection.recv(4096)
    return connection


def _memory(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats") as answer:
        return int(json.load(answer)["memory_bytes"])


def _p99(waits: list[float]) -> float:
    return quantiles(waits, n=100)[98]


def main() -> int:
    """Measure and print; returns the exit code."""
    allow_connections(2 * BURST)
    options = ("--message-rate", "0", "--max-connections", str(2 * BURST))
    with Serving(*options) as plain:
        plain_kb = memory_per_connection(plain.port, encrypted=False)
    with Serving(*options, "--tls") as encrypted:
        tls_kb = memory_per_connection(encrypted.port, encrypted=True)
    quiet_waits, busy_waits, durations = list[float](), list[float](), list[float]()
    for _ in range(_BURSTS):
        with Serving("--tls", "--max-connections", str(2 * BURST)) as encrypted:
            before, during, took = burst(encrypted.port)
        quiet_waits += before
        busy_waits += during
        durations.append(took)
    quiet, busy, took = _p99(quiet_waits), _p99(busy_waits), median(durations)
    met = tls_kb <= _LIMIT_KB and busy <= _LIMIT_TIMES * quiet
    print(f"memory per silent connection: plain {plain_kb:.1f} KB, with TLS {tls_kb:.1f} KB (at most {_LIMIT_KB})")
    print(f"{BURST} handshakes at once take {took:.1f} s")
    print(f"somebody else waits meanwhile, p99: {busy:.1f} ms, {busy / quiet:.1f} times of {quiet:.1f} ms (at most 2)")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
