"""A real chat server on a free port, and peers that can send any bytes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, NamedTuple

from chatdesk.config import ServerConfig
from chatdesk.log.log_store import LogStore
from chatdesk.log.memory import MemoryLog, MemoryStore
from chatdesk.server.arrivals import Certificates
from chatdesk.server.auth import TokenSignIn
from chatdesk.server.connection import Connection
from chatdesk.server.http.deferred import Endpoint
from chatdesk.server.http.metrics_endpoint import METRICS_PATH, MetricsEndpoint
from chatdesk.server.http.static_files import StaticFile
from chatdesk.server.metrics import Metrics
from chatdesk.server.reports import Reported, Reports
from chatdesk.server.server import ChatServer
from tests.server.wire import CLOSE, TEXT, Event, Frame, command, take_frames
from tests.waiting import until

FILES = {"/": StaticFile("text/html; charset=utf-8", b"<!doctype html><title>page</title>", '"etag"')}
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
_PATIENCE_SECONDS = 10
HEARTBEAT_SECONDS = 600.0
"""Peers answer no pings. However long a test takes, they are not taken for dead by it."""


class Reply(NamedTuple):
    """An HTTP response; the names of its header fields are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Peer:
    """A client's end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._data = bytearray()
        self._frames: deque[Frame] = deque()

    def write(self, data: bytes) -> None:
        """Send these bytes as they are."""
        self.writer.write(data)

    def send(self, name: str, **fields: Any) -> None:
        """Send a command."""
        self.write(command(name, **fields))

    async def frame(self) -> Frame:
        """The next frame. Raises EOFError when the server has hung up."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not self._frames:
                data = await self.reader.read(65536)
                if not data:
                    raise EOFError
                self._data += data
                self._frames.extend(take_frames(self._data))
        return self._frames.popleft()

    async def event(self) -> Event:
        """The next event."""
        while True:
            frame = await self.frame()
            assert frame.opcode != CLOSE, frame
            if frame.opcode == TEXT:
                event: Event = json.loads(frame.payload)
                return event

    async def next(self, name: str) -> Event:
        """The next event of this type; others are skipped."""
        while True:
            event = await self.event()
            if event["type"] == name:
                return event

    async def events(self, count: int) -> list[Event]:
        """So many events."""
        return [await self.event() for _ in range(count)]

    async def farewell(self) -> tuple[int, str]:
        """The code and reason of the server's close frame; everything before it is skipped."""
        while True:
            frame = await self.frame()
            if frame.opcode == CLOSE:
                return int.from_bytes(frame.payload[:2]), frame.payload[2:].decode()

    async def hung_up(self) -> bool:
        """Wait until the server has ended the connection. Returns True, for an assertion."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            with contextlib.suppress(ConnectionError):
                while await self.reader.read(65536):
                    pass
        return True

    async def reply(self, method: str = "GET") -> Reply:
        """The answer to a request that was sent with this method."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *fields = head.rstrip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
            size = 0 if method == "HEAD" else int(headers.get("content-length", 0))
            return Reply(int(line.split()[1]), headers, await self.reader.readexactly(size))

    async def ping(self, name: str = "users", **fields: Any) -> Event:
        """Query the users: when the answer is here, so is everything that the server sent before."""
        self.send(name, **fields)
        return await self.next(name)

    def abort(self) -> None:
        """Close the connection without a close frame."""
        self.writer.transport.abort()


class LargeStore(MemoryStore):
    """Keeps all that a test says."""

    def __init__(self) -> None:
        super().__init__(partial(MemoryLog, max_bytes=16_000_000))


class Chat:
    """A running server and the peers that a test has opened; they are gone when the server shuts down."""

    def __init__(self, server: ChatServer) -> None:
        self.server = server
        self.tls: ssl.SSLContext | None = None
        self._peers: list[Peer] = []

    async def open(self, receive_buffer: int | None = None, address: str = "") -> Peer:
        """A new connection; ``receive_buffer`` bounds the bytes that the system buffers before they are read.

        It comes from this ``address`` of loopback. It is encrypted where the test has set ``tls``.
        """
        sock = socket.socket()
        sock.setblocking(False)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if address:
            sock.bind((address, 0))
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.server.port))
        name = "127.0.0.1" if self.tls else None
        peer = Peer(*await asyncio.open_connection(sock=sock, limit=2**16, ssl=self.tls, server_hostname=name))
        self._peers.append(peer)
        return peer

    def head(self, method: str = "GET", target: str = "/", *fields: str, host: str | None = None) -> bytes:
        """A request's head."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.server.port}'}", *fields, "", ""]
        return "\r\n".join(lines).encode("latin-1")

    def upgrade(self, *fields: str, host: str | None = None) -> bytes:
        """The head of a request for a WebSocket."""
        wanted = ("Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13")
        return self.head("GET", "/ws", *wanted, *fields, host=host)

    async def ask(self, head: bytes) -> Reply:
        """The answer to a request on a connection of its own."""
        peer = await self.open()
        peer.write(head)
        reply = await peer.reply(head.split(b" ")[0].decode())
        peer.abort()
        return reply

    async def connect(self, receive_buffer: int | None = None, address: str = "") -> Peer:
        """A WebSocket."""
        peer = await self.open(receive_buffer, address)
        peer.write(self.upgrade())
        assert (await peer.reply()).status == 101
        return peer

    async def join(self, nickname: str, *, receive_buffer: int | None = None, address: str = "", **fields: Any) -> Peer:
        """A peer in the room that has received everything that follows a join."""
        peer = await self.connect(receive_buffer, address)
        peer.send("join", nickname=nickname, **fields)
        await peer.next("history")
        await peer.ping()
        return peer

    async def close(self) -> None:
        """Close all peers."""
        for peer in self._peers:
            peer.abort()
        for peer in self._peers:
            with contextlib.suppress(OSError):
                await peer.writer.wait_closed()
        await until(lambda: not self.server.connections)


def deferred_endpoints(server: Reported, reports: Reports) -> dict[str, Endpoint]:
    """Those that take a while."""
    return {METRICS_PATH: MetricsEndpoint(lambda: Metrics(server, reports), kept_seconds=0.0).respond}


@contextlib.asynccontextmanager
async def chat(
    heartbeat: float = HEARTBEAT_SECONDS,
    store: LogStore | None = None,
    grace: float = 0.0,
    certificates: Certificates | None = None,
    tokens: TokenSignIn | None = None,
    **settings: Any,
) -> AsyncIterator[Chat]:
    """A server on a free port of loopback with these settings, by default without a grace period."""
    config = ServerConfig(port=0, bind="127.0.0.1", **settings)
    how: dict[str, Any] = {"certificates": certificates, "tokens": tokens, "deferred": deferred_endpoints}
    async with ChatServer(config, store or MemoryStore(), FILES, heartbeat=heartbeat, grace=grace, **how) as server:
        chat = Chat(server)
        try:
            yield chat
        finally:
            await chat.close()


async def pair(chat: Chat) -> tuple[Peer, Peer]:
    """Kit and Ana, each of whom knows that the other has joined."""
    kit = await chat.join("Kit")
    ana = await chat.join("Ana")
    await kit.next("user_joined")
    return kit, ana


async def error_reply(peer: Peer, name: str, **fields: Any) -> tuple[str, str | None]:
    """Code and ref of the error that answers a command."""
    peer.send(name, **fields)
    error = await peer.next("error")
    assert error["content"].endswith(".")
    return error["code"], error.get("ref")


def connection_of(chat: Chat, nickname: str) -> Connection:
    """The server's end of a peer."""
    return next(it for it in chat.server.connections if it.session.person and it.session.person.nickname == nickname)


def author(chat: Chat, nickname: str) -> str:
    """The public id of somebody who is there."""
    return next(person.author for person in chat.server.hub.people.values() if person.nickname == nickname)
