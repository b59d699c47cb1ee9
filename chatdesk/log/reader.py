"""The one thread that reads: a slow disk holds up those who have asked it, and nobody else."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from chatdesk.log.database import connect_for_reading, is_damage
from chatdesk.log.problems import explain
from chatdesk.log.room_log import LogError
from chatdesk.log.through import through

Question = Callable[[sqlite3.Connection], Any]


class Reader:
    """Answers questions about a folder's file, in the order in which they are asked, until ``stop``.

    ``damaged`` is called on the loop when the file turns out to be.
    """

    def __init__(self, folder: Path, damaged: Callable[[], None]) -> None:
        self._folder = folder
        self._damaged = damaged
        self._db: sqlite3.Connection | None = None
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[tuple[Question, Callable[[Any], None]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="chatdesk-log-reader")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    async def stop(self) -> None:
        """Answer what was asked, and end."""
        self._queue.put(None)
        await through(self._thread.join)

    def ask[Answer](
        self, question: Callable[[sqlite3.Connection], Answer], reply: Callable[[Answer | LogError], None]
    ) -> None:
        """Have this asked of the file; ``reply`` is called on the loop."""
        self._queue.put((question, reply))

    def reopen(self) -> None:
        """There is another file now."""
        self._queue.put((self._close, _nothing))

    def _run(self) -> None:
        while asked := self._queue.get():
            question, reply = asked
            self._loop.call_soon_threadsafe(reply, self._answer(question))
        self._close(None)

    def _answer(self, question: Question) -> object:
        try:
            self._db = self._db or connect_for_reading(self._folder)
            return question(self._db)
        except Exception as error:  # noqa: BLE001 - whatever it is, who has asked is told
            self._close(None)
            if is_damage(error):
                self._loop.call_soon_threadsafe(self._damaged)
            return LogError(explain(error, self._folder))

    def _close(self, _db: sqlite3.Connection | None) -> None:
        if self._db:
            self._db.close()
            self._db = None


def _nothing(_answer: object) -> None:
    """Nobody waits for this."""
