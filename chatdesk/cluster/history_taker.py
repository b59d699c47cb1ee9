"""Takes a copy of another node's history, a part at a time; see ``history_giver``."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from chatdesk.cluster.belonging import file_errors
from chatdesk.cluster.history_talk import (
    Copy,
    Gone,
    Offer,
    Part,
    Refused,
    Told,
    Unknown,
    WantsCopy,
    WantsPart,
    decode,
    encode,
)
from chatdesk.cluster.linked_channel import GIVES_HISTORY, WANTS_HISTORY, Message, new_node, read_message
from chatdesk.cluster.order_link import OrderLink
from chatdesk.progress import percent, time_left

logger = logging.getLogger(__name__)

_OFFER_SECONDS = 15.0
"""All may be silent for so long. Who is linked answers at once, but others may be about to link, or to link again."""
_ASK_AGAIN_SECONDS = 1.0
"""Until nodes are asked again, as one may have linked since, and one that makes its copy, which says so each time."""
_SIGN_SECONDS = 5.0
"""One that does not say so for so long has died, or is cut off."""
_PART_SECONDS = 20.0
"""The same for a part, which may be long on its way."""
_TAKING = (
    "Redis does not keep the whole order any more: the history is taken from another machine, which may take a while."
)
_TAKEN = "%d %% of %.0f MB are taken%s."
_TELL_SECONDS = 10.0
"""Between two lines on how much is taken."""
_OTHER_VERSION = "those that answer have another version of ChatDesk, from which it cannot be taken: update them first"
_SILENT = "The machine that gave its history does not answer any more: the others are asked for theirs."


class NoHistoryError(Exception):
    """No other node gives a history that fits; why is a part of a sentence."""


class _LostError(Exception):
    """The node that was asked has no copy, or not that one any more."""


class _Progress:
    """Logs now and then how much is taken."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._begun_at = self._told_at = time.monotonic()

    def update(self, taken: int) -> None:
        """So many bytes are taken."""
        now = time.monotonic()
        if now - self._told_at >= _TELL_SECONDS:
            self._told_at = now
            left = time_left(taken, self._size, now - self._begun_at)
            logger.warning(_TAKEN, percent(taken, self._size), self._size / 1e6, left)


class HistoryTaker:
    """Takes a copy over this link into a file in a folder."""

    def __init__(self, link: OrderLink, folder: Path, file: Path) -> None:
        self._link = link
        self._folder = folder
        self._file = file
        self._node = new_node()
        self._refused: set[str] = set()
        """Those that cannot make a copy, while another one may."""
        self._met_other_version = False

    async def take(self) -> None:
        """Fill the file, from one node after the other until one gives all of its history.

        Raises NoHistoryError, StoreError, and the errors of the link.
        """
        await self._link.listen(self._node)
        logger.warning(_TAKING)
        while True:
            giver = await self._offered()
            try:
                return await self._take_from(giver)
            except _LostError:
                continue
            except TimeoutError:
                logger.warning(_SILENT)

    async def wait_for_copy(self) -> None:
        """Return once a node has made a copy that fits the disk, which it keeps for a minute.

        Raises NoHistoryError if nobody makes one, StoreError, and the errors of the link.
        """
        await self._link.listen(self._node)
        while True:
            with contextlib.suppress(_LostError, TimeoutError):
                copy = await self._made_by(await self._offered())
                with file_errors(self._folder):
                    self._require_room(copy.size)
                return

    async def _offered(self) -> str:
        """Return the first node that offers its history."""
        clock = asyncio.get_running_loop().time
        silent_from = clock() + _OFFER_SECONDS
        while clock() < silent_from:
            with contextlib.suppress(TimeoutError):
                giver, _offer = await self._ask("", Offer(), _ASK_AGAIN_SECONDS, Offer)
                return giver
        raise NoHistoryError(self._why_none())

    def _why_none(self) -> str:
        if self._refused:
            return "the log of the one that was asked says why"
        return _OTHER_VERSION if self._met_other_version else "none answers"

    async def _take_from(self, giver: str) -> None:
        """Raises TimeoutError once it is silent, and _LostError."""
        copy = await self._made_by(giver)
        with file_errors(self._folder):
            self._require_room(copy.size)
            self._file.write_bytes(b"")
        start = 0
        progress = _Progress(copy.size)
        while start < copy.size:
            content = await self._part(giver, copy.number, start)
            with file_errors(self._folder), self._file.open("ab") as file:  # closed at once: that may fail, too
                file.write(content)
            start += len(content)
            progress.update(start)
        with file_errors(self._folder), self._file.open("ab") as file:
            os.fsync(file.fileno())

    async def _made_by(self, giver: str) -> Copy:
        while True:
            _giver, copy = await self._ask(giver, WantsCopy(), _SIGN_SECONDS, Copy)
            if copy.size:
                return copy
            await asyncio.sleep(_ASK_AGAIN_SECONDS)

    async def _part(self, giver: str, number: int, start: int) -> bytes:
        """Return what begins there."""

        def fits(part: Part) -> bool:
            return (part.number, part.start) == (number, start) and bool(part.content)

        _giver, part = await self._ask(giver, WantsPart(number, start), _PART_SECONDS, Part, fits)
        return part.content

    def _require_room(self, size: int) -> None:
        """Raises OSError, before others on this machine have no room any more, either."""
        disk = shutil.disk_usage(self._folder)
        if disk.total and disk.free < size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async def _ask[Answer](
        self,
        giver: str,
        asked: Told,
        seconds: float,
        kind: type[Answer],
        fits: Callable[[Answer], bool] = lambda _answer: True,
    ) -> tuple[str, Answer]:
        """Ask a node, or all of them; return who answers, and what. What was asked for before is passed over."""
        await self._link.tell(Message(WANTS_HISTORY, self._node, encode(asked)).encode(), giver)
        async with asyncio.timeout(seconds):
            while True:
                message = read_message(await self._link.hear())
                node = message.node
                if message.kind != GIVES_HISTORY or giver not in ("", node) or node in self._refused:
                    continue
                told = decode(message.told)
                if isinstance(told, kind) and fits(told):
                    return node, told
                if isinstance(told, Unknown):
                    self._met_other_version = True
                if giver and isinstance(told, Refused):
                    self._refused.add(giver)
                if giver and isinstance(told, Refused | Gone | Unknown):
                    raise _LostError
