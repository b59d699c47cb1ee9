"""A program that ends in the middle of everything, and what it leaves behind for the next one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from chatdesk.client.memory import Card, Memory, Place
from chatdesk.client.outbox import Outgoing
from tests.client.person import Person
from tests.waiting import until


def identity(person: Person) -> str:
    return (person.state.token or "").partition(".")[0]


@contextlib.asynccontextmanager
async def dying(port: int, memory: Memory) -> AsyncIterator[Person]:
    """Kit's program, which ends in the middle of everything, without a word to the server."""
    kit = Person(port, "Kit", memory=memory)
    running = asyncio.create_task(kit.client.run())
    await until(lambda: kit.state.online)
    yield kit
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


def kept(memory: Memory) -> list[Outgoing]:
    """What is unsent, in all places."""
    return [entry for folder in memory._folder.iterdir() for entry in Place(folder, Card("", "", "", "", "")).unsent]
