"""People who write all along, and whether all is well with them at each place of the chat: a node, or a worker."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Protocol

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from tests.cluster.faults.writer import RoamingWriter
from tests.waiting import until

_WRITERS = 5
_LOOK_SECONDS = 0.1
_LONGEST_LOOK_SECONDS = 2.0
_SECONDS = 20.0
"""For what begins or comes back, on a busy machine."""


class Place(Protocol):
    """Where people can be."""

    @property
    def name(self) -> str:
        """What the place is called, in the name of who looks at it, too."""

    @property
    def last_words(self) -> str:
        """The newest lines of its log, for whoever looks for the cause of something that went wrong."""

    def visit(self) -> contextlib.AbstractAsyncContextManager[ClientConnection]:
        """A connection to it. Raises OSError or WebSocketException if nobody answers."""


class Talk:
    """Writers who go on at any of these addresses, of a chat with these places."""

    def __init__(self, urls: list[str], places: Sequence[Place], random: Random) -> None:
        self._places = places
        self._tokens: dict[str, str | None] = {}
        self.writers = [RoamingWriter(urls, f"Writer{number}", random) for number in range(_WRITERS)]

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Everybody writes until the context ends; then all is confirmed, and everybody has heard all."""
        async with asyncio.TaskGroup() as tasks:
            stays = [tasks.create_task(writer.stay()) for writer in self.writers]
            await until(lambda: all(writer.joined for writer in self.writers), _SECONDS)
            talks = [tasks.create_task(writer.keep_writing()) for writer in self.writers]
            yield
            for talk in talks:
                talk.cancel()
            said = sum(len(writer.said) for writer in self.writers)
            with contextlib.suppress(
                AssertionError, TimeoutError
            ):  # what is missing then is found by the check of the history
                await until(lambda: all(it.heard[said - 1 :] and not it.waiting for it in self.writers), _SECONDS)
                await asyncio.wait_for(self._level(said), _SECONDS)
            for stay in stays:
                stay.cancel()

    async def heal(self, seconds: float) -> str:
        """Wait until everybody's words are confirmed again, and every place lists everybody; return what is missing."""
        begun = {writer.nickname: len(writer.said) for writer in self.writers}

        def waiting() -> list[str]:
            return [it.nickname for it in self.writers if f"{it.nickname}-{begun[it.nickname]}" not in it.confirmed]

        said = max(len(writer.heard) for writer in self.writers)
        try:
            async with asyncio.timeout(seconds):
                await until(lambda: not waiting(), seconds)
                await self._level(said)
        except (AssertionError, TimeoutError):
            looks = [
                f"{place.name} {await self._look(place)}, whose log ends:\n{place.last_words}" for place in self._places
            ]
            heard = {it.nickname: (it.url, len(it.heard)) for it in self.writers}
            return "\n".join((f"unconfirmed {waiting()}, heard {heard}", *looks))
        return ""

    async def _level(self, said: int) -> None:
        """Wait until each place lists all writers, and has so many messages."""
        people = {writer.nickname for writer in self.writers}
        for place in self._places:
            listed, last = await self._look(place)
            while listed != people or last < said:
                await asyncio.sleep(_LOOK_SECONDS)
                listed, last = await self._look(place)

    async def _look(self, place: Place) -> tuple[set[str], int]:
        """Whom a place lists beside those who look at it, and its newest message."""
        nickname, token, names = f"Look {place.name}", self._tokens.get(place.name), set[str]()
        with contextlib.suppress(OSError, WebSocketException):
            async with asyncio.timeout(_LONGEST_LOOK_SECONDS), place.visit() as looking:
                await looking.send(json.dumps({"type": "join", "nickname": nickname, "token": token}))
                while True:
                    event = json.loads(await looking.recv())
                    match event["type"]:
                        case "welcome":
                            self._tokens[place.name] = event["token"]
                        case "users":
                            names = {name for it in event["users"] if not (name := it["nickname"]).startswith("Look ")}
                        case "history" | "error":
                            await looking.send('{"type":"leave"}')
                            return names, event.get("last_seq", 0)
        return names, 0
