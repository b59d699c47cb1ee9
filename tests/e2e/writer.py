"""A plain WebSocket client that does what the wire asks of a good one.

What it says arrives once, whatever happens to the connection; what the room hears it hears once, in order. It believes
nothing: whatever contradicts what it was told before is an AssertionError.
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

_PAGE = 200
_RETRY_SECONDS = 0.03
_SLOWER_SECONDS = 0.1
_LATER = ("rate_limited", "storage")


class Writer:
    """Somebody who stays in the room until ``leave``. ``receive_buffer`` bounds what the system takes in unread."""

    def __init__(self, url: str, nickname: str, receive_buffer: int | None = None) -> None:
        self.url = url
        self.nickname = nickname
        self.heard: list[Event] = []
        """All messages of the room, from the first one on."""
        self.said: dict[str, str] = {}
        """The contents of one's own messages, by their ids, in the order in which they were said."""
        self.confirmed: dict[str, int] = {}
        """The numbers of those that the server has confirmed, by their ids."""
        self.waiting: dict[str, str] = {}
        """The others."""
        self.listening = asyncio.Event()
        """While it is not set, nothing is read from the socket."""
        self.listening.set()
        self._receive_buffer = receive_buffer
        self._token: str | None = None
        self._epoch: str | None = None
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()
        self._asking = self._level = self._leaving = False

    def say(self, *contents: str) -> None:
        """Say these, as soon as there is somebody to say them to."""
        first = len(self.said)
        new = {f"{self.nickname}-{number}": content for number, content in enumerate(contents, first)}
        self.said |= new
        self.waiting |= new
        if self._level:
            self._send_messages(new)

    async def settle(self, seconds: float = 20) -> None:
        """Return when all that was said is confirmed."""
        await until(lambda: not self.waiting, seconds)

    async def stay(self) -> None:
        """Be there, and come back after each loss."""
        while not self._leaving:
            try:
                async with self._connect() as connection:
                    await self._visit(connection)
            except (OSError, WebSocketException):
                await asyncio.sleep(_RETRY_SECONDS)

    def leave(self) -> None:
        """Go, for good; what still waits is not said any more."""
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
        """Beside the reading: a server reads nothing from somebody who does not read."""
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
        """Ask for what is missing; say what waits once nothing is."""
        if len(self.heard) < last_seq and not self._asking:
            self._asking = True
            self._ask()
        elif len(self.heard) >= last_seq and not self._level:
            self._level = True
            self._send_messages(self.waiting)

    def _again(self, ref: str) -> None:
        """What the server did not take a moment ago."""
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
