"""A copy of a node's history for another one that cannot follow the order from its beginning any more.

The other one asks for it a part at a time, by the channel between the nodes, so that Redis holds one part at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import sqlite3
import struct
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from chatdesk.log.database import connect_for_reading, size_of_copy
from chatdesk.log.hook_file import HookFile
from chatdesk.log.revoked_tokens import RevokedTokens
from chatdesk.log.run_to_completion import run_to_completion

logger = logging.getLogger(__name__)

_FILE = "chat.db-given"
_PART_BYTES = 256 * 1024
"""Redis does nothing else for the part of a millisecond that one takes."""
_IDLE_SECONDS = 60.0
"""After this the copy is deleted: the node that has asked is gone."""
_LEFT_BYTES = 64 << 20
"""A copy leaves so much of the disk to those who write meanwhile."""
_ASKED = struct.Struct(">Q")
_GIVEN = struct.Struct(">QQ")
OFFER = b""
"""What is asked first, of all nodes, and what those answer that would give a copy."""
BUSY = b"b"
"""What one answers, to whatever is asked, while it makes a copy, or gives one to another node."""


class Part(NamedTuple):
    """A part of a copy: from where, of how many bytes in all, and these; no bytes in all where there is no copy."""

    start: int
    size: int
    content: bytes


def ask_for(start: int) -> bytes:
    """Return the question for the part that begins there. With the first one the copy is made."""
    return _ASKED.pack(start)


def read_part(answer: bytes) -> Part | None:
    """Return the part that was answered; None for an offer, and for a node that is busy."""
    if len(answer) < _GIVEN.size:
        return None
    start, size = _GIVEN.unpack_from(answer)
    return Part(start, size, answer[_GIVEN.size :])


class HistoryGiver:
    """Gives copies of the history in a folder, to one node at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taker = ""
        self._copy: BinaryIO | None = None
        self._idle: asyncio.TimerHandle | None = None
        _delete_copy(folder)  # which a crash has left: it holds what people delete from now on

    async def answer(self, node: str, asked: bytes) -> bytes:
        """Return what a node that asks this is answered."""
        if self._taker and (self._taker != node or self._copy is None):
            return BUSY
        if len(asked) != _ASKED.size:
            return OFFER
        (start,) = _ASKED.unpack(asked)
        try:
            return await self._part(node, start)
        except (OSError, ValueError, sqlite3.Error) as error:
            logger.warning("Another machine of the chat cannot be given a copy of the history (%s).", error)
            self.close()
            return _GIVEN.pack(start, 0)

    def close(self) -> None:
        """Delete the copy, if there is one."""
        self._taker = ""
        if self._idle:
            self._idle.cancel()
        if self._copy:
            self._copy.close()
            self._copy = None
        _delete_copy(self._folder)

    async def _part(self, node: str, start: int) -> bytes:
        if self._copy is None and start:
            raise ValueError("it was deleted, as nothing was asked for long")
        if self._copy is None:
            self._taker = node
            try:
                self._copy = await run_to_completion(partial(_make_copy, self._folder))
            except BaseException:  # also if the link ends meanwhile
                self.close()
                raise
            logger.info("Another machine of the chat is given a copy of the history.")
        size = self._copy.seek(0, 2)
        if start > size:
            raise ValueError("it was asked for what is not there")
        self._copy.seek(start)
        content = self._copy.read(_PART_BYTES)
        if self._idle:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self.close)
        if start + len(content) == size:
            self.close()
        return _GIVEN.pack(start, size) + content


def _make_copy(folder: Path) -> BinaryIO:
    """One state of the file, with what lies beside it. Raises OSError, ValueError and sqlite3.Error."""
    file = folder / _FILE
    with contextlib.closing(connect_for_reading(folder)) as db:
        disk = shutil.disk_usage(folder)
        if disk.total and disk.free < size_of_copy(db) + _LEFT_BYTES:
            raise ValueError("the disk has too little left for that")
        file.touch(mode=0o600)
        db.execute("PRAGMA query_only = OFF")  # which forbids writing elsewhere, too
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
