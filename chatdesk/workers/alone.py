"""The chat of one process, which several workers may have had before."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from chatdesk.config import ServerConfig
from chatdesk.log.configured_store import open_log_store
from chatdesk.log.log_store import LogStore
from chatdesk.workers.copies import is_behind, leave_order


@contextlib.asynccontextmanager
async def open_alone(
    config: ServerConfig, folder: Path | None, catch_up: Callable[[ServerConfig, Path], Awaitable[None]]
) -> AsyncIterator[LogStore]:
    """The store of one process, on the disk where there is a ``folder``. Raises StoreError.

    ``catch_up`` is called where workers have told of something that is not in the chat's file.
    """
    if folder:
        if is_behind(folder):
            await catch_up(config, folder)
        leave_order(folder)
    async with open_log_store(config) as store:
        yield store
