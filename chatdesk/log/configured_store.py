"""Opens the store of all messages as the settings say."""

import contextlib
from collections.abc import AsyncIterator

from chatdesk.config import ServerConfig
from chatdesk.log.disk_store import open_store
from chatdesk.log.log_store import LogStore
from chatdesk.log.memory import MemoryStore
from chatdesk.log.retention import Retention
from chatdesk.paths import chat_folder


@contextlib.asynccontextmanager
async def open_log_store(config: ServerConfig) -> AsyncIterator[LogStore]:
    """The store of all messages, on disk or in memory. Raises StoreError."""
    if config.in_memory:
        yield MemoryStore()
        return
    folder = config.data_dir or chat_folder(config.name)
    async with open_store(folder, Retention(config.keep_messages, config.keep_days), config.name) as store:
        yield store
