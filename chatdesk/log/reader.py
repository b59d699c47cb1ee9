"""The threads that read the file, a few for each kind of read, so that a slow disk delays only those who asked it."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from chatdesk.log.database import connect_for_reading, is_damage, is_interruption
from chatdesk.log.room_log import LogError, StorageProblem
from chatdesk.log.run_to_completion import run_to_completion
from chatdesk.log.storage_errors import explain
from chatdesk.log.timings import ReadTimings
from chatdesk.thread_priority import let_others_go_first

_SEARCH_SECONDS = 0.2
"""CPU time that one search may take; the searches behind it wait."""
_MAX_WAITING_SEARCHES = 32
"""At 0.2 s each, the last of them waits about as long as a person does."""
_SEARCH_THREADS = 1
"""Searches compute: more than one at a time would take much of a small computer, and this one goes after the loop."""
_HISTORY_THREADS = 4
"""Reads of the history wait for the disk rather than compute; each thread has a connection with a cache of 2 MB."""
_MAX_WAITING_READS = 10_000
"""Ten for each of a full chat, seconds of work: beyond that the disk hangs, and memory must not grow."""
_CLOSING_SECONDS = 5.0
"""How long to wait for a read before the file is replaced: longer than any read on a disk that works."""
_PROGRESS_STEPS = 100
"""Instructions of SQLite between two looks at the time: they take microseconds, or read a page of the index."""

_TOO_LONG = StorageProblem("slow", "This search takes too long: use rarer words.")
_TOO_MANY = StorageProblem("slow", "Too many people are searching: try again in a moment.")

_TOO_SLOW = StorageProblem("slow", "The host's disk cannot keep up: try again in a moment.")

ReadFunction = Callable[[sqlite3.Connection], Any]


class Reader:
    """Reads from the file of a folder until ``stop``; each read is one transaction.

    Reads begin in the order in which they are submitted, and so do searches; but no read waits for a search, nor for
    one read that the disk holds up. ``on_damage`` is called on the loop when a read has met damage.
    """

    def __init__(self, folder: Path, on_damage: Callable[[], None]) -> None:
        self._history = _Pool("history", _HISTORY_THREADS, _MAX_WAITING_READS, _TOO_SLOW, folder, on_damage)
        self._searches = _Pool(
            "search", _SEARCH_THREADS, _MAX_WAITING_SEARCHES, _TOO_MANY, folder, on_damage, _SEARCH_SECONDS
        )
        self.timings = {pool.name: pool.timings for pool in (self._history, self._searches)}
        self.settle: Callable[[], Awaitable[None]] | None = None
        """Awaited before each read where something may have been told of that is not in the file yet."""

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads():
            thread.thread.start()

    async def stop(self) -> None:
        """End the threads, and cancel open reads."""
        self._history.stop()
        self._searches.stop()
        await run_to_completion(self._join)
        self._history.cancel_all()
        self._searches.cancel_all()

    async def read[Answer](self, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Call ``read`` with a connection in a thread and return its result.

        Raises LogError, also if too many others wait.
        """
        if self.settle:
            await self.settle()
        answer: Answer = await self._history.put(read)
        return answer

    async def search[Answer](self, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Do the same for a search, which fails also if it takes too much CPU time."""
        if self.settle:
            await self.settle()
        answer: Answer = await self._searches.put(read)
        return answer

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Keep the file closed and pause reading within the block, unless a read hangs at the disk."""
        deadline = time.monotonic() + _CLOSING_SECONDS
        with ExitStack() as stack:
            for thread in self._threads():
                thread.outdated = True
            for thread in self._threads():
                stack.enter_context(thread.closed(deadline))
            yield

    def reopen(self) -> None:
        """Make the next reads open the file again: it is another one now."""
        with self.closed():
            pass

    def _threads(self) -> Iterator[_ReaderThread]:
        return chain(self._history.threads, self._searches.threads)

    def _join(self) -> None:
        for thread in self._threads():
            thread.thread.join()


class _Request(NamedTuple):
    read: ReadFunction
    future: asyncio.Future[Any]
    since: float


class _Pool:
    """Threads with one queue of reads, in which at most ``most`` wait: others fail with ``beyond``.

    A read that takes more than ``seconds`` of CPU time is answered with a LogError.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        most: int,
        beyond: StorageProblem,
        folder: Path,
        on_damage: Callable[[], None],
        seconds: float = math.inf,
    ) -> None:
        self.name = name
        self._most, self._beyond = most, beyond
        self.loop = asyncio.get_running_loop()
        self.queue: SimpleQueue[_Request | None] = SimpleQueue()
        self.timings = ReadTimings(self.queue.qsize)
        self._open: set[asyncio.Future[Any]] = set()
        self.threads = [_ReaderThread(self, number, folder, on_damage, seconds) for number in range(threads)]

    def put(self, read: ReadFunction) -> asyncio.Future[Any]:
        """Queue a read; return its future result. Raises LogError if too many wait."""
        if self.timings.waiting() >= self._most:
            raise LogError(self._beyond)
        future: asyncio.Future[Any] = self.loop.create_future()
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        self.queue.put(_Request(read, future, time.monotonic()))
        return future

    def resolve(self, request: _Request, answer: object, began: float, took: float) -> None:
        """Answer a read; called on the loop."""
        self.timings.waited.add(began - request.since)
        self.timings.took.add(took)
        if request.future.done():  # nobody waits for it any more
            return
        if isinstance(answer, LogError):
            request.future.set_exception(answer)
        else:
            request.future.set_result(answer)

    def stop(self) -> None:
        """End the threads; nothing is answered any more, not even the current reads."""
        for thread in self.threads:
            thread.stopped = True
        for _ in self.threads:
            self.queue.put(None)

    def cancel_all(self) -> None:
        """Cancel what will not be answered."""
        for future in tuple(self._open):
            future.cancel()


class _ReaderThread:
    """One thread of a pool, with a connection of its own."""

    def __init__(self, pool: _Pool, number: int, folder: Path, on_damage: Callable[[], None], seconds: float) -> None:
        self.thread = threading.Thread(target=self._run, name=f"chatdesk-log-{pool.name}-{number}")
        self.stopped = False
        self.outdated = False
        """Whether the connection is to a file that is being replaced."""
        self._pool = pool
        self._folder = folder
        self._on_damage = on_damage
        self._seconds = seconds
        self._deadline = math.inf
        self._reading = threading.Lock()
        """Held while the connection is used, and while it must stay closed."""
        self._db: sqlite3.Connection | None = None

    @contextmanager
    def closed(self, deadline: float) -> Iterator[None]:
        """Close the connection for the block; if a read hangs at the disk until then, it is closed after that read."""
        acquired = self._reading.acquire(timeout=max(0.0, deadline - time.monotonic()))
        try:
            if acquired:
                self._close()
            yield
        finally:
            if acquired:
                self._reading.release()

    def _run(self) -> None:
        if self._seconds < math.inf:  # such reads compute
            let_others_go_first()
        post = self._pool.loop.call_soon_threadsafe
        while (request := self._pool.queue.get()) and not self.stopped:
            with self._reading:
                began = time.monotonic()
                answer = self._answer(request.read)
            if not self.stopped:
                post(self._pool.resolve, request, answer, began, time.monotonic() - began)
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
                self._pool.loop.call_soon_threadsafe(self._on_damage)
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
        if self.outdated:
            self.outdated = False
            self._close()
        if self._db is None:
            self._db = connect_for_reading(self._folder)
            self._db.set_progress_handler(self._is_overdue, _PROGRESS_STEPS)
        return self._db

    def _is_overdue(self) -> bool:
        return self.stopped or time.thread_time() > self._deadline

    def _close(self) -> None:
        if self._db:
            self._db.close()
            self._db = None
