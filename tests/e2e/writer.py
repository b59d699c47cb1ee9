"""A plain WebSocket client that follows the protocol's rules for reliable delivery.

Each message that it sends arrives exactly once, even if the connection breaks, and it receives each message of the room
once and in order. An event that contradicts an earlier one raises an AssertionError.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.waiting import until

Event = dict[str, Any]

_PAGE = 200  # the most messages that the server sends in one event
_RETRY_SECONDS = 0.03  # much sooner than a real client, so that a test of many losses is short
_SLOWER_SECONDS = 0.1  # after a refusal that asks the client to slow down
_LATER = ("rate_limited", "storage")


class Writer:
    """A client that stays in the room until ``leave``. ``receive_buffer`` bounds what the system buffers, in bytes."""

    def __init__(self, url: str, nickname: str, receive_buffer: int | None = None) -> None:
        self.url = url
        self.nickname = nickname
        self.heard: list[Event] = []
        """All messages of the room, from the first one."""
        self.said: dict[str, str] = {}
        """The contents of its own messages by id, in the order in which they were sent."""
        self.confirmed: dict[str, int] = {}
        """The sequence numbers of those that the server has confirmed, by id."""
        self.waiting: dict[str, str] = {}
        """The contents of those that are not confirmed, by id."""
        self.listening = asyncio.Event()
        """While this is not set, nothing is read from the socket."""
        self.listening.set()
        self._receive_buffer = receive_buffer
        self._token: str | None = None
        self._epoch: str | None = None
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()
        self._asking = self._level = self._leaving = False

    def say(self, *contents: str) -> None:
        """Send these messages as soon as there is a connection."""
        first = len(self.said)
        new = {f"{self.nickname}-{number}": content for number, content in enumerate(contents, first)}
        self.said |= new
        self.waiting |= new
        if self._level:
            self._send_messages(new)

    async def settle(self, seconds: float = 20) -> None:
        """Return when all own messages are confirmed."""
        await until(lambda: not self.waiting, seconds)

    async def stay(self) -> None:
        """Stay connected, and reconnect after each loss."""
        while not self._leaving:
            try:
                async with self._connect() as connection:
                    await self._visit(connection)
            except (OSError, WebSocketException):
                await asyncio.sleep(_RETRY_SECONDS)

    def leave(self) -> None:
        """Leave for good, without sending what is still waiting."""
        self._leaving = True
        self.listening.set()
        self._send(type="leave")

    def _connect(self) -> connect:
        place = urlsplit(self.url)
        sock = socket.socket()
        if self._receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer)
        try:
            sock.connect((place.hostname, place.port))
        except OSError:
            sock.close()
            raise
        return connect(self.url, sock=sock, proxy=None, compression=None, open_timeout=5, close_timeout=1)

    async def _visit(self, connection: ClientConnection) -> None:
        self._outgoing, self._level, self._asking = asyncio.Queue(), False, False
        sending = asyncio.create_task(self._send_all(connection, self._outgoing))
        try:
            self._join()
            while True:
                await self.listening.wait()
                self._take(json.loads(await connection.recv()))
        finally:
            sending.cancel()

    async def _send_all(self, connection: ClientConnection, outgoing: asyncio.Queue[str]) -> None:
        """Send in a task beside the one that reads, since the server does not read from a client that does not."""
        with contextlib.suppress(WebSocketException):
            while True:
                await connection.send(await outgoing.get())

    def _join(self) -> None:
        resume = {"resume": {"epoch": self._epoch, "seq": len(self.heard)}} if self._epoch else {}
        token = {"token": self._token} if self._token else {}
        self._send(type="join", nickname=self.nickname, capabilities=["presence"], **resume, **token)

    def _take(self, event: Event) -> None:
        match event["type"]:
            case "welcome":
                self._token = event["token"]
                assert self._epoch in (None, event["epoch"]), "the history is another one"
                self._epoch = event["epoch"]
            case "history":
                self._asking = False
                for message in event["messages"]:
                    self._hear(message)
                self._catch_up(event.get("last_seq", 0))
            case "message":
                self._hear(event)
                self._catch_up(event["seq"])
            case "error":
                assert event["code"] in _LATER, event
                asyncio.get_running_loop().call_later(_SLOWER_SECONDS, self._again, event["ref"])

    def _hear(self, message: Event) -> None:
        seq, message_id = message["seq"], message.get("id", "")
        if seq == len(self.heard) + 1:
            self.heard.append(message)
        if seq <= len(self.heard):
            assert self.heard[seq - 1] == message, f"number {seq} is another message now"
        if self.said.get(message_id) == message["content"]:
            before = self.confirmed.setdefault(message_id, seq)
            assert before == seq, f"{message_id} is there as number {before}, and again as {seq}"
            self.waiting.pop(message_id, None)

    def _catch_up(self, last_seq: int) -> None:
        """Request the missing messages; once none is missing, send those that wait."""
        if len(self.heard) < last_seq and not self._asking:
            self._asking = True
            self._ask()
        elif len(self.heard) >= last_seq and not self._level:
            self._level = True
            self._send_messages(self.waiting)

    def _again(self, ref: str) -> None:
        """Send a message again that the server did not accept a moment ago."""
        if ref == "history":
            self._ask()
        elif ref in self.waiting and self._level:
            self._send_messages([ref])

    def _ask(self) -> None:
        self._send(type="history", after=len(self.heard), limit=_PAGE)

    def _send_messages(self, ids: Iterable[str]) -> None:
        for message_id in ids:
            self._send(type="message", id=message_id, content=self.said[message_id])

    def _send(self, **command: Any) -> None:
        self._outgoing.put_nowait(json.dumps(command))
