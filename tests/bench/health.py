"""Requests for /health while the server is busy."""

import socket
import time

from tests.bench.process import BenchError

_INTERVAL_SECONDS = 0.031
"""A period that is no multiple of any timer of a server, so that its pauses are sampled evenly."""


class HealthProbe:
    """One kept-alive connection that sends requests periodically and records how long each answer took."""

    def __init__(self, port: int) -> None:
        self.seconds: list[float] = []
        self._request = f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._asked: float | None = None
        self._due = 0.0

    def fileno(self) -> int:
        """Return the descriptor that epoll watches."""
        return self._socket.fileno()

    def close(self) -> None:
        """Disconnect."""
        self._socket.close()

    def ask_when_due(self) -> None:
        """Send a request, unless one is pending or was answered a moment ago."""
        now = time.perf_counter()
        if self._asked is None and now >= self._due:
            self._asked = now
            self._due = now + _INTERVAL_SECONDS
            self._socket.send(self._request)

    def take(self) -> None:
        """Read the answer, which fits one read. Raises BenchError if the server is not healthy."""
        answer = self._socket.recv(4096)
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise BenchError(f"/health answered {answer[:100]!r}")
        if self._asked is not None:
            self.seconds.append(time.perf_counter() - self._asked)
            self._asked = None
