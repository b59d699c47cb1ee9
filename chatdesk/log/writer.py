"""The one thread that writes: what has come together while a commit was under way goes into the next one.

So a commit costs the same for one message as for a thousand, and nothing is told to anybody before it is on the disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import Empty, SimpleQueue

from chatdesk.log.appending import Append, insert
from chatdesk.log.database import close_tidily, empty_journal, inodes, is_damage
from chatdesk.log.problems import GoneError, explain
from chatdesk.log.room_log import LogError, Problem
from chatdesk.log.sweep import give_back_space
from chatdesk.log.through import through
from chatdesk.log.writes import News, Owner, Write

_BATCH = 4_000
_WAITING = 8_000
_TRY_AGAIN_SECONDS = 1.0
_QUIET_SECONDS = 2.0
_IDLE_SECONDS = 30.0

_SLOW = Problem("slow", "The host's disk cannot keep up: wait a moment. Messages that wait then go out by themselves.")


class Writer:
    """Writes to a folder's file until ``stop``."""

    def __init__(self, folder: Path, db: sqlite3.Connection, owner: Owner) -> None:
        self._folder = folder
        self._db: sqlite3.Connection | None = db
        self._inodes = inodes(folder)
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[Write | Append | None] = SimpleQueue()
        self._problem: Problem | None = None
        self._damaged = False
        self._untidy = True
        self._freed = False
        self._quiet_at = 0.0
        self._mend_at = 0.0
        self._thread = threading.Thread(target=self._write_on, name="chatdesk-log-writer")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    async def stop(self) -> None:
        """Write what waits, and end."""
        self._queue.put(None)
        await through(self._thread.join)

    def put(self, write: Write | Append) -> None:
        """Have this written, soon."""
        if self._queue.qsize() >= _WAITING:
            write.failed(LogError(_SLOW))
        else:
            self._queue.put(write)

    # In the thread

    def _write_on(self) -> None:
        going_on = True
        while going_on:
            batch, going_on = self._take()
            if self._db is None and time.monotonic() >= self._mend_at:
                self._mend()
            if self._db is None:
                self._tell_failed(batch)
            elif batch:
                self._write(self._db, batch)
            elif going_on:
                self._tidy(self._db)
        if self._db:
            close_tidily(self._db)

    def _take(self) -> tuple[list[Write | Append], bool]:
        """All that waits; nothing after a while without anything. And whether there is more to come."""
        batch: list[Write | Append] = []
        with contextlib.suppress(Empty):
            wait = self._patience()
            write = self._queue.get(timeout=wait) if wait else self._queue.get_nowait()
            while write is not None:
                batch.append(write)
                if len(batch) == _BATCH:
                    return batch, True
                write = self._queue.get_nowait()
            return batch, False
        return batch, True

    def _patience(self) -> float:
        """How long to wait for something to write, in seconds, before doing something else."""
        if self._db is None:
            return _TRY_AGAIN_SECONDS
        if self._untidy:
            return 0.0
        return _QUIET_SECONDS if self._freed else _IDLE_SECONDS

    def _write(self, db: sqlite3.Connection, batch: list[Write | Append]) -> None:
        try:
            db.execute("BEGIN IMMEDIATE")
            _carry_out(db, batch)
            db.execute("COMMIT")
            self._see_that_it_is_there()
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits is told, and it is looked at afresh
            self._fail(db, error)
            self._tell_failed(batch)
        else:
            self._untidy = True
            self._quiet_at = time.monotonic() + _QUIET_SECONDS
            for write in batch:
                write.settle()
            self._post(_tell_done, batch)

    def _tidy(self, db: sqlite3.Connection) -> None:
        """Nobody waits for anything: a good time to forget a little, or to give a little of the space back."""
        chore = self._owner.chore()
        try:
            db.execute("BEGIN IMMEDIATE")
            chore.carry_out(db)
            db.execute("COMMIT")
            self._freed = self._freed or chore.freed
            self._untidy = chore.more
            if self._freed and not chore.more and time.monotonic() >= self._quiet_at:
                self._untidy = give_back_space(db)
                self._freed = self._untidy or not empty_journal(db)
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(db, error)
        else:
            self._post(chore.done)

    def _see_that_it_is_there(self) -> None:
        """Raise GoneError where the file was deleted or replaced: SQLite writes on into what nobody finds again."""
        try:
            there = inodes(self._folder)
        except OSError:
            raise GoneError from None
        if there != self._inodes:
            raise GoneError

    def _fail(self, db: sqlite3.Connection, error: Exception) -> None:
        """What a failed commit has left in the file is not known: close it, and look afresh."""
        with contextlib.suppress(sqlite3.Error):
            db.rollback()
        db.close()
        self._db = None
        self._note(error)

    def _mend(self) -> None:
        """See whether the cause is gone."""
        self._mend_at = time.monotonic() + _TRY_AGAIN_SECONDS
        try:
            if self._damaged:
                self._owner.put_aside()
                self._damaged = False
            db, missed = self._owner.open_again()
            self._inodes = inodes(self._folder)
        except Exception as error:  # noqa: BLE001 - as above
            self._note(error)
            return
        self._db = db
        self._post(_tell_done, missed)
        self._set_problem(None)

    def _note(self, error: Exception) -> None:
        self._damaged = self._damaged or is_damage(error)
        self._set_problem(explain(error, self._folder))

    def _set_problem(self, problem: Problem | None) -> None:
        if problem != self._problem:
            self._problem = problem
            self._post(self._owner.trouble, problem)

    def _tell_failed(self, batch: list[Write | Append]) -> None:
        if batch and self._problem:
            self._post(_tell_failed, batch, LogError(self._problem))

    def _post(self, tell: Callable[..., None], *arguments: object) -> None:
        self._loop.call_soon_threadsafe(tell, *arguments)


def _carry_out(db: sqlite3.Connection, batch: Iterable[Write | Append]) -> None:
    """In their order; neighbouring messages together."""
    run: list[Append] = []
    for write in batch:
        if isinstance(write, Append):
            run.append(write)
            continue
        insert(db, run)
        run = []
        write.carry_out(db)
    insert(db, run)


def _tell_done(batch: Iterable[News]) -> None:
    for write in batch:
        write.done()


def _tell_failed(batch: list[Write | Append], error: LogError) -> None:
    for write in batch:
        write.failed(error)
