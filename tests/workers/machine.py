"""The workers of a machine in the process of a test: the order with its file, and their stores."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import cast

from chatdesk.config import ServerConfig
from chatdesk.workers.copies import sync
from chatdesk.workers.order_file import OrderFile
from chatdesk.workers.order_process import OrderServer
from chatdesk.workers.site import open_site
from chatdesk.workers.worker_store import WorkerStore, open_worker_store
from tests.log.harness import RoomHarness


class Machine:
    """Two workers that have caught up, and the room of each with what was told there."""

    def __init__(self, stores: list[WorkerStore], order: OrderFile) -> None:
        self.stores = stores
        self.order = order
        self.rooms = [RoomHarness(store.room("lobby")) for store in stores]


@contextlib.asynccontextmanager
async def machine(folder: Path, synced: Callable[[], None] = lambda: None) -> AsyncIterator[Machine]:
    """Serve the chat of a folder by two workers; ``synced`` is called before their files are."""

    def sync_all() -> None:
        synced()
        sync(folder, 2)

    with open_site(folder, 2) as site, OrderFile(folder) as file:
        ordering = asyncio.create_task(OrderServer(file, 2, sync_all).serve(site.listener.dup()))
        try:
            async with contextlib.AsyncExitStack() as stack:
                opened = [await stack.enter_async_context(open_worker_store(ServerConfig(), it)) for it in site.workers]
                stores = [cast(WorkerStore, store) for store in opened]
                for store in stores:
                    await store.catch_up()
                yield Machine(stores, file)
        finally:
            ordering.cancel()
            await asyncio.gather(ordering, return_exceptions=True)
