"""A hostile host: it serves the real page, and its WebSocket at ``/ws`` sends whatever a script sends.

The scripts are in ``hostile_scripts``.
"""

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from chatdesk import __version__
from chatdesk.server.http.response import content_security_policy
from chatdesk.server.http.static_files import page_files

AT = "2026-11-30T12:00:00.000Z"
LIMITS = {"message_bytes": 65536, "content_chars": 8000, "nickname_chars": 32, "history": 200, "message_rate": 0}
SERVER = {"id": "0123456789abcdef", "name": "Workshop", "host": "Mara", "version": __version__}

Event = dict[str, Any]

_ABOUT = {"service": "chatdesk", **SERVER, "people": 1, "rooms": 1, "locked": False}


def user(nickname: str, **fields: Any) -> Event:
    """Return a person in the room."""
    return {"nickname": nickname, "status": "online", "joined_at": AT, "client": "browser", **fields}


def message(seq: int, content: str = "", **fields: Any) -> Event:
    """Return a message, as it is sent alone or within a page of the history."""
    said = {"type": "message", "nickname": "Mara", "content": content or f"message {seq}", "timestamp": AT}
    return {**said, "room": "lobby", "seq": seq, **fields}


def history(*messages: Event, **fields: Any) -> Event:
    """Return a page of the history with these messages; the log ends with the last of them."""
    last = max((said["seq"] for said in messages), default=0)
    page = {"type": "history", "room": "lobby", "epoch": "one", "messages": list(messages), "more": False}
    return {**page, "first_seq": 1, "last_seq": last, **fields}


class Visit:
    """One connection to the host: a script receives the client's commands, and sends anything."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self.heard: list[Event] = []
        self.nickname = ""
        self.gone: BaseException | None = None
        """The exception that ended the connection, once the client has left."""

    def hear(self, kind: str = "") -> Event:
        """Receive the next command, or the next one of this type."""
        while True:
            command: Event = json.loads(self._connection.recv())
            self.heard.append(command)
            if not kind or command["type"] == kind:
                return command

    def say(self, *events: Event) -> None:
        """Send these events, valid or not."""
        for event in events:
            self.say_raw(json.dumps(event))

    def say_raw(self, data: str | bytes) -> None:
        """Send a frame: text for str, binary for bytes."""
        self._connection.send(data)

    def send_bytes(self, data: bytes) -> None:
        """Send bytes to the socket as they are, without a frame."""
        self._connection.socket.sendall(data)

    def welcome(self, **fields: Any) -> Event:
        """Return the welcome for the client that has joined; ``fields`` replace usual values or add to ``server``."""
        info = {**SERVER, **fields.pop("server", {})}
        known = {"protocol": 1, "epoch": "one", "nickname": self.nickname, "token": "t-1", "room": "lobby"}
        return {"type": "welcome", **known, "user_count": 1, "limits": LIMITS, "server": info, **fields}

    def enter(self, *others: Event, said: tuple[Event, ...] = (), **welcome: Any) -> None:
        """Answer a join as an honest host does, with these people and messages in the room."""
        self.nickname = self.hear("join")["nickname"]
        people = [*others, user(self.nickname, client="window")]
        self.say(
            self.welcome(**{"user_count": len(people), **welcome}),
            {"type": "system", "content": "Welcome to the chat!", "timestamp": AT},
            {"type": "users", "room": "lobby", "users": people, "user_count": len(people), "more": False},
            history(*said),
        )

    def stay(self) -> None:
        """Send nothing more until the client disconnects."""
        while True:
            self.hear()

    def listen(self, seconds: float = 0.0) -> None:
        """Record the commands received meanwhile. Raises ConnectionClosed if the client has left."""
        with suppress(TimeoutError):
            while True:
                self.heard.append(json.loads(self._connection.recv(seconds)))

    def cut(self) -> None:
        """Close the connection without a closing handshake."""
        self._connection.socket.shutdown(socket.SHUT_RDWR)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection with a closing handshake."""
        self._connection.close(code, reason)


Script = Callable[[Visit], None]
"""Handles one connection, which is closed when the script returns. A client that leaves ends the script."""


class HostileHost:
    """The host, which runs in its own threads while the context is open. ``visits`` are all connections so far."""

    def __init__(self, script: Script, port: int = 0) -> None:
        self._script = script
        self._port = port
        self.update_page()
        self.visits: list[Visit] = []
        self.faults: list[BaseException] = []
        """Exceptions of the script itself."""

    def __enter__(self) -> Self:
        self._server: Server = serve(
            self._visit,
            "127.0.0.1",
            self._port,
            process_request=self._answer,
            compression=None,
            ping_interval=None,
            close_timeout=1,
            max_size=None,
        )
        self.port = int(self._server.socket.getsockname()[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        if exc_type is None:
            assert not self.faults, self.faults

    def update_page(self) -> None:
        """Serve the page's files as they are now."""
        self._files = page_files()

    def wait_to_hear(self, content: str, seconds: float = 20) -> None:
        """Wait until a client has sent a message with this content."""
        end = time.monotonic() + seconds
        while not any(command.get("content") == content for visit in self.visits for command in visit.heard):
            assert time.monotonic() < end, f"nobody has said {content!r}"
            time.sleep(0.05)

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket(self) -> str:
        """The address of the WebSocket."""
        return f"ws://127.0.0.1:{self.port}/ws"

    def _visit(self, connection: ServerConnection) -> None:
        visit = Visit(connection)
        self.visits.append(visit)
        try:
            self._script(visit)
        except (ConnectionClosed, OSError) as gone:
            visit.gone = gone
        except Exception as fault:  # noqa: BLE001  # raised when the test ends
            self.faults.append(fault)

    def _answer(self, _connection: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        if path == "/ws":
            return None
        if path == "/about":
            return _response(HTTPStatus.OK, "application/json", json.dumps(_ABOUT).encode())
        if file := self._files.get(path):
            return _response(HTTPStatus.OK, file.content_type, file.body)
        return _response(HTTPStatus.NOT_FOUND, "text/plain", b"There is nothing here.\n")


def _response(status: HTTPStatus, content_type: str, body: bytes) -> Response:
    fields = {"Content-Type": content_type, "Content-Length": str(len(body)), "Cache-Control": "no-cache"}
    name, value = content_security_policy()
    return Response(status, status.phrase, Headers({**fields, name: value, "Connection": "close"}), body)
