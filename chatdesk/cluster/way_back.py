"""Looks for the way back of a node that is open, but read only, since its history does not fit that of the others.

It was open before anybody could give it theirs, as when Redis was away, or it was cut off for too long while it ran.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial
from pathlib import Path
from random import SystemRandom

from chatdesk.backoff import Backoff
from chatdesk.cluster.belonging import Belonging, belonging_of, file_errors
from chatdesk.cluster.history_taker import HistoryTaker, NoHistoryError
from chatdesk.cluster.order_link import LONGEST_PAUSE_SECONDS, SHORTEST_PAUSE_SECONDS, OrderLink, OrderMaker
from chatdesk.cluster.rejoining import has_parted, keeps_whole_order
from chatdesk.log.database import connect_for_reading
from chatdesk.log.room_log import StorageProblem
from chatdesk.log.run_to_completion import run_to_completion
from chatdesk.log.storage_errors import StoreError

logger = logging.getLogger(__name__)

_LOOK_AGAIN_SECONDS = 5.0
_FOUND = "The history of the others can be had now: this machine closes for a moment, and opens again with it."


class WayBackSearch:
    """Waits, while ``run`` does, until a node whose folder this is finds the history of the others."""

    def __init__(self, maker: OrderMaker, folder: Path) -> None:
        self._maker = maker
        self._folder = folder
        self._parted = asyncio.Event()
        self.found = asyncio.Event()

    def on_order_problem(self, problem: StorageProblem | None) -> None:
        """Take note of whether its history fits; see ``Node``."""
        if problem == self._maker.problems.apart:
            self._parted.set()
        else:
            self._parted.clear()

    async def run(self) -> None:
        """Look for it over one link after the other, and log that it is found."""
        backoff = Backoff(SystemRandom(), SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        while not self.found.is_set():
            await self._parted.wait()
            try:
                async with self._maker.link() as link:
                    await self._look(link)
                    logger.warning(_FOUND)
                    self.found.set()
            except* self._maker.errors:
                await asyncio.sleep(backoff.next())

    async def _look(self, link: OrderLink) -> None:
        """Return once this folder could take the history of the others."""
        while True:
            with contextlib.suppress(NoHistoryError):
                if await self._can_take(link):
                    return
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _can_take(self, link: OrderLink) -> bool:
        """Raises NoHistoryError besides."""
        try:
            belonging = await run_to_completion(partial(_belonging_in, self._folder))
            if not await has_parted(link, belonging):
                return False
            if not await keeps_whole_order(link):
                await HistoryTaker(link, self._folder, self._folder).wait_for_copy()
        except StoreError as error:
            logger.warning(str(error))
            return False
        return True


def _belonging_in(folder: Path) -> Belonging:
    """Whose folder it is, by its file, which is in use. Raises StoreError."""
    with file_errors(folder), contextlib.closing(connect_for_reading(folder)) as db:
        return belonging_of(db)
