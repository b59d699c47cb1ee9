"""A proxy between a client and the server that breaks the connection at a chosen byte."""

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

Direction = Literal["to the server", "to the client"]
Place = Literal["before it", "within its head", "within its payload", "after it"]

DIRECTIONS: tuple[Direction, ...] = ("to the server", "to the client")
PLACES: tuple[Place, ...] = ("before it", "within its head", "within its payload", "after it")

_READ_BYTES = 65536  # several frames at once, as a real line delivers them


@dataclass(frozen=True)
class Cut:
    """Where the connection breaks: at the frame that follows ``frames`` others in this direction."""

    direction: Direction
    frames: int
    place: Place


class Cutter:
    """Forwards connections to the server at ``port``: HTTP unchanged, a WebSocket frame by frame."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._lines: list[socket.socket] = []
        self._lock = threading.Lock()
        self._cut: Cut | None = None
        self._passed = 0

    @property
    def place(self) -> str:
        """Host and port on which it listens."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def cut(self, cut: Cut) -> None:
        """Break a connection there, once. Frames are counted from now on, over all WebSockets."""
        with self._lock:
            self._cut, self._passed = cut, 0

    @property
    def has_cut(self) -> bool:
        """Whether the connection has broken at the requested place."""
        return self._cut is None

    def _start(self, run: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                self._lines += [client, server]
                self._start(self._serve, client, server)

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        answers = threading.Thread(target=self._pass_on, args=(server, client, "to the client"))
        answers.start()
        self._pass_on(client, server, "to the server")
        answers.join()
        client.close()
        server.close()

    def _pass_on(self, source: socket.socket, target: socket.socket, direction: Direction) -> None:
        with contextlib.suppress(OSError):
            data = bytearray()
            while b"\r\n\r\n" not in data and (read := source.recv(_READ_BYTES)):
                data += read
            end = data.find(b"\r\n\r\n") + 4
            target.sendall(data[:end])
            if b"\r\nupgrade: websocket" in data[:end].lower():
                self._pass_frames(source, target, direction, data[end:])
            else:
                target.sendall(data[end:])
                while read := source.recv(_READ_BYTES):
                    target.sendall(read)
        self._end(source, target)

    def _pass_frames(self, source: socket.socket, target: socket.socket, direction: Direction, data: bytearray) -> None:
        while True:
            while size := _frame_bytes(data):
                goes_on = self._goes_on(direction, data[:size])
                target.sendall(data[: size if goes_on is None else goes_on])
                if goes_on is not None:
                    return
                del data[:size]
            if not (read := source.recv(_READ_BYTES)):
                return
            data += read

    def _goes_on(self, direction: Direction, frame: bytearray) -> int | None:
        """Return how many bytes of this frame pass before the connection breaks; None if it does not break there."""
        with self._lock:
            cut = self._cut
            if cut is None or cut.direction != direction:
                return None
            self._passed += 1
            if self._passed <= cut.frames:
                return None
            self._cut = None
            return _offset(cut.place, frame)

    def _end(self, source: socket.socket, target: socket.socket) -> None:
        """Close both ends after what has passed; what they still send is discarded."""
        for line in (source, target):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while source.recv(_READ_BYTES):
                pass


def _offset(place: Place, frame: bytearray) -> int:
    match place:
        case "before it":
            return 0
        case "within its head":
            return 1
        case "within its payload":
            return (_head_bytes(frame) + len(frame)) // 2
        case "after it":
            return len(frame)


def _head_bytes(data: bytearray) -> int:
    """Return the number of bytes of a frame's head, including the mask of a client's."""
    mask = 4 if data[1] & 0x80 else 0
    return mask + {126: 4, 127: 10}.get(data[1] & 0x7F, 2)


def _frame_bytes(data: bytearray) -> int:
    """Return the number of bytes of the frame at the beginning of the data; 0 while it is incomplete."""
    if len(data) < 2 or len(data) < _head_bytes(data):
        return 0
    size = data[1] & 0x7F
    if size >= 126:
        size = int.from_bytes(data[2 : 4 if size == 126 else 10])
    total = _head_bytes(data) + size
    return total if len(data) >= total else 0
