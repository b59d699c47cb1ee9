"""A client that writes all the time, goes on at any node, and remembers when what was confirmed."""

import asyncio
import time
from random import Random
from typing import Any

from websockets.asyncio.client import connect

from tests.cluster.faults.history import Entry, Said
from tests.e2e.writer import Event, Writer

_PAUSE_SECONDS = 0.08
"""Between two messages, at most: some dozen people write more than enough for each fault to hit some of them."""
_CLOSE_SECONDS = 0.2
_PING_SECONDS = 1.0
_PATIENCE_SECONDS = 3.0
"""A node that is silent for longer is left for another one."""


class RoamingWriter(Writer):
    """Connects to one of these nodes, at random, after each loss."""

    def __init__(self, urls: list[str], nickname: str, random: Random) -> None:
        super().__init__(urls[0], nickname)
        self._urls = urls
        self._random = random
        self._begun: dict[str, float] = {}
        self._confirmed_at: dict[str, float] = {}

    @property
    def history(self) -> list[Said]:
        """What it has said."""
        return [
            Said(key, content, self._begun[key], self._confirmed_at.get(key), self.confirmed.get(key))
            for key, content in self.said.items()
        ]

    @property
    def entries(self) -> list[Entry]:
        """What it has heard."""
        return [Entry(message["seq"], message.get("id", ""), message["content"]) for message in self.heard]

    @property
    def joined(self) -> bool:
        """Whether it has ever been let in."""
        return self._token is not None

    def say_next(self) -> None:
        """Say something that nobody else says."""
        number = len(self.said)
        self._begun[f"{self.nickname}-{number}"] = time.monotonic()
        self.say(f"{self.nickname} {number}")

    async def keep_writing(self) -> None:
        """Say something now and then, also while nobody answers."""
        while True:
            self.say_next()
            await asyncio.sleep(self._random.uniform(0, 2 * _PAUSE_SECONDS))

    def _connect(self) -> connect:
        self.url = self._random.choice(self._urls)
        return self._connect_to(self.url)

    @staticmethod
    def _connect_to(url: str, patience: float = _PATIENCE_SECONDS, **where: Any) -> connect:
        return connect(
            url,
            proxy=None,
            compression=None,
            close_timeout=_CLOSE_SECONDS,
            open_timeout=patience,
            ping_interval=_PING_SECONDS * patience / _PATIENCE_SECONDS,
            ping_timeout=patience,
            **where,
        )

    def _take(self, event: Event) -> None:
        if event["type"] == "error" and event.get("ref") == "join":
            raise ConnectionError(event["content"])
        super()._take(event)

    def _hear(self, message: Event) -> None:
        before = len(self.confirmed)
        super()._hear(message)
        if len(self.confirmed) > before and "id" in message:
            self._confirmed_at[message["id"]] = time.monotonic()
