"""A client of the real program that sends any bytes, and says what came of them."""

import json
import socket

from tests.hostile.wire_attacks import upgrade
from tests.server.wire import CLOSE, TEXT, command, take_frames

_PATIENCE_SECONDS = 20


class Client:
    """A socket that reads until what it waits for is there."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_SECONDS)
        self._data = bytearray()

    def send(self, data: bytes) -> None:
        """Send these bytes."""
        self._socket.sendall(data)

    def close(self) -> None:
        """Disconnect."""
        self._socket.close()

    def status(self) -> str:
        """The status of an answer, or ``closed`` if there is none."""
        while b"\r\n\r\n" not in self._data:
            if not self._receive():
                return "closed"
        status = self._data.split(b" ", 2)[1].decode()
        del self._data[: self._data.index(b"\r\n\r\n") + 4]
        return status

    def open(self) -> None:
        """Become a WebSocket."""
        self.send(upgrade())
        assert self.status() == "101"

    def join(self, nickname: str) -> None:
        """Become a member."""
        self.open()
        self.send(command("join", nickname=nickname))
        self.outcome()

    def outcome(self) -> str:
        """What follows on what was sent, up to the answer to a question behind it."""
        self.send(command("users", id="end"))
        outcome = "ignored"
        while True:
            for frame in list(take_frames(self._data)):
                if frame.opcode == CLOSE:
                    return f"close {int.from_bytes(frame.payload[:2])}"
                event = json.loads(frame.payload) if frame.opcode == TEXT else {"type": ""}
                if event.get("ref") == "end":
                    return outcome
                if event["type"] == "error" and outcome == "ignored":
                    outcome = f"error {event['code']}"
            if not self._receive():
                return "closed"

    def next_text(self) -> str:
        """The text of the next frame that is one."""
        while True:
            for frame in take_frames(self._data):
                if frame.opcode == TEXT:
                    return frame.payload.decode()
            assert self._receive(), "the connection was closed"

    def _receive(self) -> bool:
        try:
            data = self._socket.recv(65536)
        except ConnectionError:
            return False
        self._data += data
        return bool(data)
