"""A person in a chat, with a real client and all changes that it has delivered."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from chatdesk.client.changes import Change
from chatdesk.client.client import ChatClient
from chatdesk.log.memory import MemoryLog, MemoryStore
from chatdesk.log.reservation import Reservation
from tests.server.chat import Chat
from tests.waiting import until


class Person:
    """A client and all changes that it has delivered."""

    def __init__(self, port: int, nickname: str, url: str = "", **options: Any) -> None:
        self.changes: list[Change] = []
        url = url or f"ws://127.0.0.1:{port}/ws"
        self.client = ChatClient(url, nickname, on_changes=self.changes.extend, **options)
        self.state = self.client.state

    @property
    def said(self) -> list[str]:
        return [message.content for message in self.state.shown.transcript.messages]

    @property
    def seqs(self) -> list[int]:
        return [message.seq for message in self.state.shown.transcript.messages]

    def changes_of(self, kind: type[Change]) -> list[Change]:
        return [change for change in self.changes if isinstance(change, kind)]


@contextlib.asynccontextmanager
async def person(port: int, nickname: str, **options: Any) -> AsyncIterator[Person]:
    """A person who is in the chat until the context ends."""
    somebody = Person(port, nickname, **options)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(somebody.client.run())
        await until(lambda: somebody.state.online)
        yield somebody
        somebody.client.stop()


def cut(chat: Chat, nickname: str) -> None:
    """Break the network between the server and a person."""
    for connection in chat.server.connections:
        if connection.session.person and connection.session.person.nickname == nickname:
            connection.abort()


class LastingStore(MemoryStore):
    """What outlives a server in this process, as a disk does."""

    def __init__(self) -> None:
        super().__init__()
        self.rooms: dict[str, MemoryLog] = {}
        self._reservations: dict[str, Reservation] = {}

    def room(self, name: str) -> MemoryLog:
        self._logs[name] = self.rooms.setdefault(name, MemoryLog(self.author))
        return self._logs[name]

    def reservations(self) -> list[Reservation]:
        return list(self._reservations.values())

    def store_reservation(self, reservation: Reservation) -> None:
        self._reservations[reservation.key] = reservation

    def delete_reservation(self, key: str) -> None:
        self._reservations.pop(key, None)
