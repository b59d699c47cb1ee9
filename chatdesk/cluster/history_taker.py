"""Takes a copy of another node's history, a part at a time; see ``history_giver``."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from chatdesk.cluster.belonging import file_errors
from chatdesk.cluster.history_giver import BUSY, OFFER, Part, ask_for, read_part
from chatdesk.cluster.linked_channel import GIVES_HISTORY, WANTS_HISTORY, Message, new_node, read_message
from chatdesk.cluster.order_link import OrderLink

logger = logging.getLogger(__name__)

_OFFER_SECONDS = 15.0
"""All may be silent for so long. Who is linked answers at once, but others may be about to link, or to link again."""
_ASK_AGAIN_SECONDS = 1.0
"""Nobody keeps the question for a node that links after it was asked."""
_BUSY_SECONDS = 1.0
"""Until those are asked again that give their history to another node."""
_FIRST_PART_SECONDS = 300.0
"""It comes once the copy is made: for a gigabyte that takes a minute on a slow disk."""
_PART_SECONDS = 20.0
"""For each other part; then the one that gives it has died, or is cut off."""
_TAKING = (
    "Redis does not keep the whole order any more: the history is taken from another machine, which may take a while."
)
_SILENT = "The machine that gave its history does not answer any more: the others are asked for theirs."


class _BusyError(Exception):
    """The node that was asked gives its history to another one."""


class HistoryTaker:
    """Takes a copy over this link into a file in a folder."""

    def __init__(self, link: OrderLink, folder: Path, file: Path) -> None:
        self._link = link
        self._folder = folder
        self._file = file
        self._node = new_node()

    async def take(self) -> None:
        """Fill the file, from one node after the other until one gives all of its history.

        Raises TimeoutError if none offers it, ValueError if one cannot go on, StoreError, and the errors of the link.
        """
        await self._link.listen(self._node)
        while True:
            giver = await self._offered()
            logger.warning(_TAKING)
            try:
                return await self._take_from(giver)
            except _BusyError:
                await asyncio.sleep(_BUSY_SECONDS)
            except TimeoutError:
                logger.warning(_SILENT)

    async def _offered(self) -> str:
        """Return a node that would give its history, once one gives it to nobody else. Raises TimeoutError."""
        clock = asyncio.get_running_loop().time
        silent_since = clock()
        while True:
            with contextlib.suppress(TimeoutError):
                offer = await self._ask("", OFFER, _ASK_AGAIN_SECONDS, lambda told: told in (OFFER, BUSY))
                if offer.told == OFFER:
                    return offer.node
                await asyncio.sleep(_BUSY_SECONDS)
                silent_since = clock()
            if clock() > silent_since + _OFFER_SECONDS:
                raise TimeoutError

    async def _take_from(self, giver: str) -> None:
        start, size, seconds = 0, 1, _FIRST_PART_SECONDS
        with self._file.open("wb") as copy:
            while start < size:
                part = await self._part(giver, start, seconds)
                if not part.content:
                    raise ValueError("the log of the one that was asked says why")
                with file_errors(self._folder):
                    if not start:
                        self._require_room(part.size)
                    copy.write(part.content)
                start, size, seconds = start + len(part.content), part.size, _PART_SECONDS
            with file_errors(self._folder):
                copy.flush()
                os.fsync(copy.fileno())

    def _require_room(self, size: int) -> None:
        """Raises OSError, before others on this machine have no room any more, either."""
        disk = shutil.disk_usage(self._folder)
        if disk.total and disk.free < size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async def _part(self, giver: str, start: int, seconds: float) -> Part:
        """Return the part that begins there. Raises TimeoutError, and _BusyError if another node was faster."""

        def answers(told: bytes) -> bool:
            part = read_part(told)
            return part.start == start if part else told == BUSY

        answer = await self._ask(giver, ask_for(start), seconds, answers)
        if part := read_part(answer.told):
            return part
        raise _BusyError

    async def _ask(self, giver: str, asked: bytes, seconds: float, answers: Callable[[bytes], bool]) -> Message:
        """Ask a node, or all of them, and return what ``answers``; what was asked for before is passed over."""
        await self._link.tell(Message(WANTS_HISTORY, self._node, asked).encode(), giver)
        async with asyncio.timeout(seconds):
            while True:
                answer = read_message(await self._link.hear())
                if answer.kind == GIVES_HISTORY and giver in ("", answer.node) and answers(answer.told):
                    return answer
