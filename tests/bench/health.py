"""Asking a server for its health while it is busy."""

import socket
import time

from tests.bench.process import BenchError

_INTERVAL_SECONDS = 0.031
"""Not a period that a server's own rhythm could hide behind."""


class HealthProbe:
    """One kept-alive connection that asks again and again, and remembers how long the answers took."""

    def __init__(self, port: int) -> None:
        self.seconds: list[float] = []
        self._request = f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._asked: float | None = None
        self._due = 0.0

    def fileno(self) -> int:
        """What epoll watches."""
        return self._socket.fileno()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def ask_when_due(self) -> None:
        """Ask, unless an answer is still to come or has just come."""
        now = time.perf_counter()
        if self._asked is None and now >= self._due:
            self._asked = now
            self._due = now + _INTERVAL_SECONDS
            self._socket.send(self._request)

    def take(self) -> None:
        """Read the answer, which fits one read. Raises BenchError when the server is not well."""
        answer = self._socket.recv(4096)
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise BenchError(f"/health answered {answer[:100]!r}")
        if self._asked is not None:
            self.seconds.append(time.perf_counter() - self._asked)
            self._asked = None
