"""A copy of a node's history for others that cannot follow the order from its beginning any more.

They ask for it a part at a time, by the channel between the nodes, so that Redis holds one part for each of them at
most. All who ask meanwhile are given the same copy: so none waits for another one, which may have died.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from chatdesk.cluster.history_talk import Copy, Gone, Offer, Part, Refused, Told, Unknown, WantsCopy, WantsPart
from chatdesk.log.database import connect_for_reading, size_of_copy
from chatdesk.log.hook_file import HookFile
from chatdesk.log.revoked_tokens import RevokedTokens
from chatdesk.log.run_to_completion import run_to_completion

logger = logging.getLogger(__name__)

_FILE = "chat.db-given"
_PART_BYTES = 256 * 1024
"""Redis does nothing else for the part of a millisecond that one takes."""
_IDLE_SECONDS = 60.0
"""After this the copy is deleted: all who have asked for it are gone."""
_LEFT_BYTES = 64 << 20
"""A copy leaves so much of the disk to those who write meanwhile."""
_LOOK_STEPS = 100_000
"""Steps of SQLite, some milliseconds: so soon the making of a copy ends once nobody wants it any more."""
_OTHER_VERSION = (
    "A machine with another version of ChatDesk wants a copy of the history, which only one of its own version can"
    " give: update one of them."
)


class HistoryGiver:
    """Gives copies of the history in a folder. Used on the loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._copy: asyncio.Task[BinaryIO | None] | None = None
        """The latest one, also while it is made; its result is None if that has failed."""
        self._number = 0
        self._takers: set[str] = set()
        """Who has asked for it, and has not been given its end."""
        self._idle: asyncio.TimerHandle | None = None
        self._met_other_version = False
        self._closing = threading.Event()
        _delete_copy(folder)  # which a crash has left: it holds what people delete from now on

    def answer(self, node: str, asked: Told) -> Told:
        """Return what a node that asks this is answered."""
        match asked:
            case Offer():
                return Offer()
            case WantsCopy():
                return self._copy_for(node)
            case WantsPart(number, start):
                try:
                    return self._part(node, number, start)
                except OSError as error:
                    self._warn(error)
                    self._drop()
                    return Refused()
            case Unknown() if not self._met_other_version:
                self._met_other_version = True
                logger.warning(_OTHER_VERSION)
        return Gone()

    async def close(self) -> None:
        """Delete the copy, if there is one, as soon as nothing writes it any more."""
        self._closing.set()
        if self._copy:
            await asyncio.wait([self._copy])
        self._drop()

    def _copy_for(self, node: str) -> Told:
        if self._copy is None:
            self._number += 1
            self._copy = asyncio.create_task(self._make())
        self._takers.add(node)
        self._wait_for_more()
        if not self._copy.done():
            return Copy(self._number, 0)
        if copy := self._copy.result():
            return Copy(self._number, copy.seek(0, 2))
        self._drop()
        return Refused()

    def _part(self, node: str, number: int, start: int) -> Told:
        """Raises OSError."""
        copy = self._copy.result() if self._copy and self._copy.done() and number == self._number else None
        size = copy.seek(0, 2) if copy else 0
        if copy is None or start >= size:
            return Gone()
        copy.seek(start)
        content = copy.read(_PART_BYTES)
        self._wait_for_more()
        if start + len(content) == size:
            self._takers.discard(node)
            if not self._takers:
                self._drop()
        return Part(number, start, content)

    async def _make(self) -> BinaryIO | None:
        try:
            copy = await run_to_completion(partial(_make_copy, self._folder, self._closing.is_set))
        except (OSError, ValueError, sqlite3.Error) as error:
            self._warn(error)
            return None
        finally:
            self._wait_for_more()
        logger.info("Another machine of the chat is given a copy of the history.")
        return copy

    def _wait_for_more(self) -> None:
        """From now on, wait for the next question."""
        if self._idle:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._drop)

    def _drop(self) -> None:
        """Delete the copy, unless it is being made: somebody may ask for it yet."""
        if self._idle:
            self._idle.cancel()
        if self._copy and not self._copy.done():
            return
        if self._copy and (copy := self._copy.result()):
            copy.close()
        self._copy = None
        self._takers.clear()
        _delete_copy(self._folder)

    def _warn(self, error: Exception) -> None:
        if not self._closing.is_set():
            logger.warning("Another machine of the chat cannot be given a copy of the history (%s).", error)


def _make_copy(folder: Path, is_unwanted: Callable[[], bool]) -> BinaryIO:
    """One state of the file, with what lies beside it. Raises OSError, ValueError and sqlite3.Error."""
    file = folder / _FILE
    with contextlib.closing(connect_for_reading(folder)) as db:
        disk = shutil.disk_usage(folder)
        if disk.total and disk.free < size_of_copy(db) + _LEFT_BYTES:
            raise ValueError("the disk has too little left for that")
        file.touch(mode=0o600)
        db.execute("PRAGMA query_only = OFF")  # which forbids writing elsewhere, too
        db.set_progress_handler(is_unwanted, _LOOK_STEPS)
        db.execute("VACUUM INTO ?", (str(file),))
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as copy:
        RevokedTokens(folder).put_into(copy)
        HookFile(folder).put_into(copy)
    opened = file.open("rb")
    with contextlib.suppress(OSError):  # Windows deletes no open file; it is deleted later there
        file.unlink()
    return opened


def _delete_copy(folder: Path) -> None:
    for suffix in ("", "-journal"):
        with contextlib.suppress(OSError):
            (folder / f"{_FILE}{suffix}").unlink(missing_ok=True)
