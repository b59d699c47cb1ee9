"""A proxy between a client and the server that breaks the connection at a chosen byte."""

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

Direction = Literal["to the server", "to the client"]
CutPoint = Literal["before it", "within its head", "within its payload", "after it"]

DIRECTIONS: tuple[Direction, ...] = ("to the server", "to the client")
CUT_POINTS: tuple[CutPoint, ...] = ("before it", "within its head", "within its payload", "after it")

_READ_BYTES = 65536  # several frames at once, as a real line delivers them


@dataclass(frozen=True)
class Cut:
    """Where the connection breaks: at the frame that follows ``frames`` others in this direction."""

    direction: Direction
    frames: int
    point: CutPoint


class CuttingProxy:
    """Forwards connections to the server at ``port``: HTTP unchanged, a WebSocket frame by frame."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._cut: Cut | None = None
        self._forwarded = 0

    @property
    def address(self) -> str:
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
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def cut(self, cut: Cut) -> None:
        """Break a connection there, once. Frames are counted from now on, over all WebSockets."""
        with self._lock:
            self._cut, self._forwarded = cut, 0

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
                self._sockets += [client, server]
                self._start(self._serve, client, server)

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        answers = threading.Thread(target=self._forward, args=(server, client, "to the client"))
        answers.start()
        self._forward(client, server, "to the server")
        answers.join()
        client.close()
        server.close()

    def _forward(self, source: socket.socket, target: socket.socket, direction: Direction) -> None:
        with contextlib.suppress(OSError):
            data = bytearray()
            while b"\r\n\r\n" not in data and (read := source.recv(_READ_BYTES)):
                data += read
            end = data.find(b"\r\n\r\n") + 4
            target.sendall(data[:end])
            if b"\r\nupgrade: websocket" in data[:end].lower():
                self._forward_frames(source, target, direction, data[end:])
            else:
                target.sendall(data[end:])
                while read := source.recv(_READ_BYTES):
                    target.sendall(read)
        self._end(source, target)

    def _forward_frames(
        self, source: socket.socket, target: socket.socket, direction: Direction, data: bytearray
    ) -> None:
        while True:
            while size := _frame_bytes(data):
                size_before_cut = self._bytes_before_cut(direction, data[:size])
                target.sendall(data[: size if size_before_cut is None else size_before_cut])
                if size_before_cut is not None:
                    return
                del data[:size]
            if not (read := source.recv(_READ_BYTES)):
                return
            data += read

    def _bytes_before_cut(self, direction: Direction, frame: bytearray) -> int | None:
        """Return how many bytes of this frame pass before the connection breaks; None if it does not break there."""
        with self._lock:
            cut = self._cut
            if cut is None or cut.direction != direction:
                return None
            self._forwarded += 1
            if self._forwarded <= cut.frames:
                return None
            self._cut = None
            return _offset(cut.point, frame)

    def _end(self, source: socket.socket, target: socket.socket) -> None:
        """Close both ends after what has passed; what they still send is discarded."""
        for sock in (source, target):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while source.recv(_READ_BYTES):
                pass


def _offset(point: CutPoint, frame: bytearray) -> int:
    match point:
        case "before it":
            return 0
        case "within its head":
            return 1
        case "within its payload":
            return (_header_bytes(frame) + len(frame)) // 2
        case "after it":
            return len(frame)


def _header_bytes(data: bytearray) -> int:
    """Return the number of bytes of a frame's head, including the mask of a client's."""
    mask = 4 if data[1] & 0x80 else 0
    return mask + {126: 4, 127: 10}.get(data[1] & 0x7F, 2)


def _frame_bytes(data: bytearray) -> int:
    """Return the number of bytes of the frame at the beginning of the data; 0 while it is incomplete."""
    if len(data) < 2 or len(data) < _header_bytes(data):
        return 0
    size = data[1] & 0x7F
    if size >= 126:
        size = int.from_bytes(data[2 : 4 if size == 126 else 10])
    total = _header_bytes(data) + size
    return total if len(data) >= total else 0
