"""What workers know of each other besides the chat: the name under which it is announced, and their figures.

Each tells it every second, and hears then what the others have told last.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from chatdesk.workers.local_link import ERRORS, LocalLink
from chatdesk.workers.worker_store import WorkerOf

logger = logging.getLogger(__name__)

_SECONDS = 1.0


class Shared(Struct, frozen=True):
    """What a worker tells: the chat's name in the network, if it is the one that announces it, and its figures.

    ``problem``: why it cannot store anything, as a sentence; empty if it can. ``metrics`` are only there while somebody
    asks for them, as the worker that ``wants`` them says.
    """

    worker: str
    announced: str
    problem: str
    stats: dict[str, Any]
    metrics: list[Any]
    wants: bool


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Shared).decode


class Sharer(Protocol):
    """A worker, as it knows what others tell."""

    async def own(self) -> Shared:
        """Return what the others are to know of this worker now."""

    def heard(self, others: Collection[Shared]) -> None:
        """The others that are there have told this last."""


async def share(worker: WorkerOf, sharer: Sharer) -> None:
    """Tell of a worker, and let it hear of the others, until cancelled."""
    while True:
        try:
            async with LocalLink(worker.socket, worker.number) as link:
                while True:
                    told = await link.share(_encode(await sharer.own()))
                    sharer.heard([*map(_decode, told)])
                    await asyncio.sleep(_SECONDS)
        except ERRORS as error:
            logger.info("The figures of other workers cannot be had: %s", error)
            sharer.heard(())
        await asyncio.sleep(_SECONDS)
