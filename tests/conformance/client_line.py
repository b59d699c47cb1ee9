"""A connection of the Python client without a socket: the scenario is its other end."""

import asyncio
import json
from collections.abc import Callable
from urllib.parse import urlsplit

from chatdesk.client.connection import CloseReason, read_event
from chatdesk.protocol import codec, commands, events
from tests.conformance.scenarios import Json


class Line:
    """A connection of the client that ends at the scenario."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = urlsplit(url)
        self.endpoint = (parts.hostname or "", parts.port or 80)
        self.commands: list[Json] = []
        self.opened = asyncio.Event()
        self._ended: asyncio.Future[CloseReason] = asyncio.get_running_loop().create_future()
        self._receive: Callable[[events.Event], None] | None = None

    async def run(self, receive: Callable[[events.Event], None]) -> CloseReason:
        """As ``Connection.run``."""
        self._receive = receive
        await self.opened.wait()
        return await self._ended

    def send(self, command: commands.Command) -> None:
        """As ``Connection.send``."""
        self.commands.append(json.loads(codec.encode(command)))

    def probe(self) -> None:
        """As ``Connection.probe``: the host answers."""

    def close(self, reason: CloseReason) -> None:
        """As ``Connection.close``."""
        self.opened.set()
        if not self._ended.done():
            self._ended.set_result(reason)

    def deliver(self, event: Json) -> None:
        """The host sends an event."""
        assert self._receive
        whole = read_event(json.dumps(event).encode())
        if whole is not None:
            self._receive(whole)
