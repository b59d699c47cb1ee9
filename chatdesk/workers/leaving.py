"""From several workers back to one process after a crash: what they have told of comes with the chat."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from chatdesk.config import ServerConfig
from chatdesk.log.storage_errors import StoreError
from chatdesk.workers.copies import sync
from chatdesk.workers.order_file import OrderFile
from chatdesk.workers.order_process import OrderServer
from chatdesk.workers.site import open_site
from chatdesk.workers.worker_store import open_worker_store


async def catch_up(config: ServerConfig, folder: Path) -> None:
    """Let the file of a chat have all that was ordered for its workers, of which none runs. Raises StoreError."""
    with open_site(folder, 1) as site, OrderFile(folder) as order:
        server = OrderServer(order, 1, partial(sync, folder, 1))
        ordering = asyncio.create_task(server.serve(site.listener.dup()))
        try:
            async with open_worker_store(config, site.workers[0]) as store:
                await store.catch_up()
                if store.problem:
                    raise StoreError(store.problem)
        finally:
            ordering.cancel()
            await asyncio.gather(ordering, return_exceptions=True)
