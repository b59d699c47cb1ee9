"""One client that sends a query and measures the time until the whole answer is there."""

import json
import socket
import time
from collections import deque
from typing import Any, Self

from tests.bench import frames
from tests.bench.process import BenchError
from tests.server.wire import TEXT, Event, Frame, command, take_frames

_READ_BYTES = 256 * 1024  # a whole answer in one read
_ANSWER_SECONDS = 30  # an answer has to come within 50 ms; one that is this late is reported as missing


class QueryClient:
    """A WebSocket to the server at ``port``."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_SECONDS)
        self._data = bytearray()
        self._frames: deque[Frame] = deque()
        self._socket.sendall(frames.upgrade(port))
        while b"\r\n\r\n" not in self._data:
            self._read()
        del self._data[: self._data.index(b"\r\n\r\n") + 4]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def ask(self, answer: str, type: str, **query: Any) -> tuple[float, Event]:  # noqa: A002 - as on the wire
        """Send a command; returns the milliseconds until the event of type ``answer``, and that event.

        Raises BenchError if the server refuses the command.
        """
        started = time.perf_counter()
        self._socket.sendall(command(type, **query))
        while True:
            while not self._frames:
                self._read()
                self._frames.extend(take_frames(self._data))
            seconds = time.perf_counter() - started
            frame = self._frames.popleft()
            event = json.loads(frame.payload) if frame.opcode == TEXT else {"type": ""}
            if event["type"] == answer:
                return seconds * 1000, event
            if event["type"] == "error":
                raise BenchError(f"{query} was refused: {event['content']}")

    def _read(self) -> None:
        data = self._socket.recv(_READ_BYTES)
        if not data:
            raise BenchError("the server has closed a connection")
        self._data += data
