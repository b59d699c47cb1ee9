"""A server as one of several nodes, from its start to its end."""

import asyncio
from collections.abc import Callable
from typing import Any

from chatdesk.log.room_log import StorageProblem
from tests.waiting import until


def sending_on() -> set[asyncio.Task[Any]]:
    """What sends people on, as far as it runs."""
    return {task for task in asyncio.all_tasks() if "SendingOn" in repr(task.get_coro())}


async def test_a_node_sends_people_on_until_it_can_keep_what_they_write_or_has_ended(node: Callable[..., Any]) -> None:
    full = StorageProblem("full", "The disk is full.")
    async with node("a") as chat:
        store = chat.server.store
        assert not sending_on()
        store.on_problem(full)
        assert len(sending_on()) == 1
        store.on_problem(None)
        await until(lambda: not sending_on())
        store.on_problem(full)
        assert len(sending_on()) == 1
    await until(lambda: not sending_on())
    for problem in (None, full):
        store.on_problem(problem)
    assert not sending_on()
