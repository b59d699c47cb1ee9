"""Questions to the log: answered at once unless it has to wait for the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from chatdesk.log.room_log import LogError


class LogTasks:
    """Has a task for each question that waits, and for no other."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: set[asyncio.Task[None]] = set()

    def run[Answer](
        self, ask: Callable[[], Coroutine[Any, Any, Answer]], reply: Callable[[Answer | LogError], None]
    ) -> None:
        """Call ``reply`` with the log's answer."""
        task = asyncio.Task(_answer(ask, reply), loop=self._loop, eager_start=True)
        if not task.done():
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)


async def _answer[Answer](
    ask: Callable[[], Coroutine[Any, Any, Answer]], reply: Callable[[Answer | LogError], None]
) -> None:
    try:
        answer: Answer | LogError = await ask()
    except LogError as error:
        answer = error
    reply(answer)
