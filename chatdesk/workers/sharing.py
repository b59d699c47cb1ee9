"""What workers know of each other besides the chat: the name under which it is announced, and their figures.

Each tells it every second, and hears then what the others have told last.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import Any

import msgspec
from msgspec import Struct

from chatdesk.workers.local_link import ERRORS, LocalLink
from chatdesk.workers.worker_store import WorkerOf

logger = logging.getLogger(__name__)

_SECONDS = 1.0


class Shared(Struct, frozen=True):
    """What a worker tells: the chat's name in the network, if it is the one that announces it, and its ``/stats``."""

    announced: str
    stats: dict[str, Any]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Shared).decode


async def share(worker: WorkerOf, own: Callable[[], Shared], heard: Callable[[Collection[Shared]], None]) -> None:
    """Tell what ``own`` returns, and call ``heard`` with what the others tell, until cancelled."""
    while True:
        try:
            async with LocalLink(worker.socket, worker.number) as link:
                while True:
                    told = await link.share(_encode(own()))
                    heard([*map(_decode, told)])
                    await asyncio.sleep(_SECONDS)
        except ERRORS as error:
            logger.info("The figures of other workers cannot be had: %s", error)
            heard(())
        await asyncio.sleep(_SECONDS)
