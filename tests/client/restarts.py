"""A client whose program is terminated without a goodbye, and what it has stored for the next start."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from chatdesk.client.outbox import Outgoing
from chatdesk.client.saved_state import ClientStore, Credentials, KnownRoom
from tests.client.person import Person
from tests.waiting import until


def identity_of(person: Person) -> str:
    return (person.state.token or "").partition(".")[0]


@contextlib.asynccontextmanager
async def terminated_client(port: int, store: ClientStore) -> AsyncIterator[Person]:
    """Kit's client, which is cancelled at the end without a word to the server."""
    kit = Person(port, "Kit", store=store)
    running = asyncio.create_task(kit.client.run())
    await until(lambda: kit.state.online)
    yield kit
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


def stored_unsent(store: ClientStore) -> list[Outgoing]:
    """The unsent messages in all stored rooms."""
    return [
        entry
        for folder in store._folder.iterdir()
        for entry in KnownRoom(folder, Credentials("", "", "", "", "")).unsent
    ]
