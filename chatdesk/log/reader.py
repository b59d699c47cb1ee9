"""The threads that read the file, so that a slow disk delays only those who asked it."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from chatdesk.log.database import connect_for_reading, is_damage, is_interruption
from chatdesk.log.room_log import LogError, StorageProblem
from chatdesk.log.run_to_completion import run_to_completion
from chatdesk.log.storage_errors import explain

_SEARCH_SECONDS = 0.2
"""CPU time that one search may take; the searches behind it wait."""
_MAX_WAITING_SEARCHES = 32
"""At 0.2 s each, the last of them waits about as long as a person does."""
_CLOSING_SECONDS = 5.0
"""How long to wait for a read before the file is replaced: longer than any read on a disk that works."""
_PROGRESS_STEPS = 100
"""Instructions of SQLite between two looks at the time: they take microseconds, or read a page of the index."""

_TOO_LONG = StorageProblem("slow", "This search takes too long: use rarer words.")
_TOO_MANY = StorageProblem("slow", "Too many people are searching: try again in a moment.")

ReadFunction = Callable[[sqlite3.Connection], Any]


class Reader:
    """Reads from the file of a folder until ``stop``; each read is one transaction.

    Reads are answered in the order in which they are submitted, and so are searches; but no read waits for a search.
    ``on_damage`` is called on the loop when a read has met damage.
    """

    def __init__(self, folder: Path, on_damage: Callable[[], None]) -> None:
        self._pages = _ReaderThread("pages", folder, on_damage)
        self._searches = _ReaderThread("searches", folder, on_damage, _SEARCH_SECONDS)

    def start(self) -> None:
        """Start the threads."""
        self._pages.thread.start()
        self._searches.thread.start()

    async def stop(self) -> None:
        """End the threads, and cancel open reads."""
        self._pages.stop()
        self._searches.stop()
        await run_to_completion(self._join)
        self._pages.cancel_all()
        self._searches.cancel_all()

    async def read[Answer](self, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Call ``read`` with a connection in a thread and return its result. Raises LogError."""
        answer: Answer = await self._pages.put(read)
        return answer

    async def search[Answer](self, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Do the same for a search. It fails also if it takes too much CPU time or too many others wait."""
        if self._searches.waiting >= _MAX_WAITING_SEARCHES:
            raise LogError(_TOO_MANY)
        answer: Answer = await self._searches.put(read)
        return answer

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Keep the file closed and pause reading within the block, unless a read hangs at the disk."""
        with self._pages.closed(), self._searches.closed():
            yield

    def reopen(self) -> None:
        """Make the next reads open the file again: it is another one now."""
        with self.closed():
            pass

    def _join(self) -> None:
        self._pages.thread.join()
        self._searches.thread.join()


class _ReaderThread:
    """A thread with a queue of reads and a connection.

    A read that takes more than ``seconds`` of CPU time is answered with a LogError.
    """

    def __init__(self, name: str, folder: Path, on_damage: Callable[[], None], seconds: float = math.inf) -> None:
        self.thread = threading.Thread(target=self._run, name=f"chatdesk-log-{name}")
        self._folder = folder
        self._on_damage = on_damage
        self._seconds = seconds
        self._deadline = math.inf
        self._stopped = False
        self._outdated = False
        self._reading = threading.Lock()
        """Held while the connection is used, and while it must stay closed."""
        self._db: sqlite3.Connection | None = None
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[tuple[ReadFunction, asyncio.Future[Any]] | None] = SimpleQueue()
        self._open: set[asyncio.Future[Any]] = set()

    @property
    def waiting(self) -> int:
        """How many reads are queued."""
        return self._queue.qsize()

    def put(self, read: ReadFunction) -> asyncio.Future[Any]:
        """Queue a read; return its future result."""
        future: asyncio.Future[Any] = self._loop.create_future()
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        self._queue.put((read, future))
        return future

    def stop(self) -> None:
        """End the thread; nothing is answered any more, not even the current read."""
        self._stopped = True
        self._queue.put(None)

    def cancel_all(self) -> None:
        """Cancel what will not be answered."""
        for future in tuple(self._open):
            future.cancel()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Close the connection for the block; if a read hangs at the disk, it is closed after that read."""
        self._outdated = True
        acquired = self._reading.acquire(timeout=_CLOSING_SECONDS)
        try:
            if acquired:
                self._close()
            yield
        finally:
            if acquired:
                self._reading.release()

    def _run(self) -> None:
        while (request := self._queue.get()) and not self._stopped:
            read, future = request
            with self._reading:
                answer = self._answer(read)
            if not self._stopped:
                self._loop.call_soon_threadsafe(_resolve, future, answer)
        with self._reading:
            self._close()

    def _answer(self, read: ReadFunction) -> object:
        try:
            return self._read(self._connection(), read)
        except Exception as error:  # noqa: BLE001 - every error is an answer
            if is_interruption(error):
                return LogError(_TOO_LONG)
            self._close()
            if is_damage(error):
                self._loop.call_soon_threadsafe(self._on_damage)
            return LogError(explain(error, self._folder))

    def _read(self, db: sqlite3.Connection, read: ReadFunction) -> object:
        db.execute("BEGIN")
        self._deadline = time.thread_time() + self._seconds
        try:
            return read(db)
        finally:
            self._deadline = math.inf
            db.rollback()

    def _connection(self) -> sqlite3.Connection:
        if self._outdated:
            self._outdated = False
            self._close()
        if self._db is None:
            self._db = connect_for_reading(self._folder)
            self._db.set_progress_handler(self._is_overdue, _PROGRESS_STEPS)
        return self._db

    def _is_overdue(self) -> bool:
        return self._stopped or time.thread_time() > self._deadline

    def _close(self) -> None:
        if self._db:
            self._db.close()
            self._db = None


def _resolve(future: asyncio.Future[Any], answer: object) -> None:
    if future.done():  # nobody waits for it any more
        return
    if isinstance(answer, LogError):
        future.set_exception(answer)
    else:
        future.set_result(answer)
