"""A group that owns tasks: none is lost, and no exception is swallowed."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

logger = logging.getLogger(__name__)


class Tasks:
    """Owns tasks for as long as its ``async with`` block lasts, then cancels and awaits those that still run.

    An exception in a task is logged and passed to ``on_error``. Unlike in asyncio.TaskGroup the other tasks go on: one
    button that fails must not end the chat.
    """

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._on_error = on_error
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Start a task that runs until it is done or the block ends. ``name`` appears in the log."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            logger.error("The task %s failed", task.get_name(), exc_info=error)
            self._on_error(error)
