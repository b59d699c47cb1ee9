"""Another person in the chat: a plain WebSocket client that sends only what a test wants."""

import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from websockets.sync.client import connect

Event = dict[str, Any]


class Peer:
    """A client that joins when its context is entered, and is cut off without a closing handshake when it exits."""

    def __init__(self, url: str, nickname: str, **join: Any) -> None:
        self._url = url
        self.nickname = nickname
        self._join = {"type": "join", "nickname": nickname, **join}

    def __enter__(self) -> Self:
        self._socket = connect(self._url, proxy=None, max_size=None, max_queue=None).__enter__()
        self.send(**self._join)
        self.welcome = self.wait_for(lambda event: event["type"] in ("welcome", "error"))
        assert self.welcome["type"] == "welcome", self.welcome
        self.wait_for(lambda event: event["type"] == "history")
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def port(self) -> int:
        """Its own end of the connection."""
        port: int = self._socket.socket.getsockname()[1]
        return port

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def send(self, **command: Any) -> None:
        """Send a command."""
        self._socket.send(json.dumps(command))

    def say(self, *contents: str) -> None:
        """Send messages, and return when the host has confirmed all of them."""
        for content in contents:
            self.send(type="message", content=content)
        for content in contents:
            self.hear(content)

    def hear(self, content: str) -> Event:
        """Wait for a message with exactly this content."""
        return self.wait_for(lambda event: event["type"] == "message" and event["content"] == content)

    def wait_for(self, wanted: Callable[[Event], bool], seconds: float = 30) -> Event:
        """Return the next wanted event. Raises TimeoutError, with what came instead, if none arrives in time."""
        others: list[Event] = []
        while True:
            try:
                event: Event = json.loads(self._socket.recv(seconds))
            except TimeoutError as error:
                error.add_note(f"{self.nickname} has heard: {others[-20:]}")
                raise
            if wanted(event):
                return event
            others.append(event)

    def heard(self, until: str) -> list[str]:
        """Return the contents of all messages up to and including one with this content."""
        contents: list[str] = []
        while until not in contents:
            contents.append(self.wait_for(lambda event: event["type"] == "message")["content"])
        return contents
