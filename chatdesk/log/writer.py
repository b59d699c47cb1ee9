"""The one thread that writes. What arrives while a commit is under way goes into the next one (group commit).

So a commit costs the same for one message as for a thousand. No outcome is reported before it is on the disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

from chatdesk.log.append import Append, insert
from chatdesk.log.call_all import call_all
from chatdesk.log.database import checkpoint, close_with_checkpoint, inodes, is_damage
from chatdesk.log.retention import reclaim_space
from chatdesk.log.room_log import LogError, StorageProblem
from chatdesk.log.run_to_completion import run_to_completion
from chatdesk.log.storage_errors import FileGoneError, explain
from chatdesk.log.timings import Durations
from chatdesk.log.writer_interfaces import Notification, Write, WriterOwner

_MAX_BATCH = 4_000
"""Writes in one commit: about 50 ms of work. More would delay the first of them without making a commit cheaper."""
_MAX_WAITING = 8_000
"""Writes in the queue; beyond that they are refused. Two batches: a message waits for one commit, then its own."""
_RETRY_SECONDS = 1.0
"""Between attempts to reopen the file: people notice soon that it works again, and a failing disk is left in peace."""
_QUIET_SECONDS = 2.0
"""Without a write, before space is reclaimed: not between two messages of a conversation."""
_LATER_SECONDS = 0.25
"""Until what nobody waits for is written: while a lecture fills, one commit for hundreds who join."""
_LONGEST_GATHER_SECONDS = 0.04
"""That a write waits for others, whatever ``gather_until`` says: stopping must not take long."""
_COMMITS_AHEAD = 2
"""Usual commits before the moment at which one is needed: half of them take longer than the usual one."""
_COMMIT_WEIGHT = 0.2
"""Of the latest commit in the usual duration of one."""
_IDLE_SECONDS = 30.0
"""Between looks for maintenance when nothing is written: retention by age is exact to that."""

_SLOW = StorageProblem(
    "slow", "The host's disk cannot keep up: wait a moment. Messages that wait then go out by themselves."
)


class Writer:
    """Writes to the file of a folder until ``stop``. Its methods are called on the loop."""

    def __init__(self, folder: Path, db: sqlite3.Connection, owner: WriterOwner) -> None:
        self._folder = folder
        self._db: sqlite3.Connection | None = db
        self._inodes = inodes(folder)
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[Write | Append | None] = SimpleQueue()
        self._problem: StorageProblem | None = None
        self._damaged = False
        self._maintenance_due = True
        self._freed = True  # a crash may have left what was deleted in the WAL
        self._erased = False
        self._quiet_at = 0.0
        self._gather_until = 0.0
        self._commit_seconds = 0.0
        self.commits = Durations()
        self._reopen_at = 0.0
        self._later: list[Write] = []
        self._later_timer: asyncio.TimerHandle | None = None
        self.hastened = 0
        """So many times has what was to be written later been submitted."""
        self._thread = threading.Thread(target=self._run, name="chatdesk-log-writer")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    async def stop(self) -> None:
        """Write what waits, and end the thread. A caller that is cancelled still waits for that."""
        self.hasten()
        self._queue.put(None)
        await run_to_completion(self._thread.join)

    def submit(self, write: Write | Append) -> None:
        """Write this soon; its outcome is reported on the loop, at once if too much waits already."""
        if self._later:
            self.hasten()
        if self._queue.qsize() >= _MAX_WAITING:
            write.notify_failed(LogError(_SLOW))
        else:
            self._queue.put(write)

    def submit_later(self, write: Write) -> None:
        """Write this with the next one that is submitted, or within a quarter of a second: nobody waits for it."""
        self._later.append(write)
        if self._later_timer is None:
            self._later_timer = self._loop.call_later(_LATER_SECONDS, self.hasten)

    def hasten(self) -> None:
        """Submit now what was to be written later."""
        self.hastened += 1
        if self._later_timer:
            self._later_timer.cancel()
            self._later_timer = None
        later, self._later = self._later, []
        for write in later:
            self.submit(write)

    def gather_until(self, moment: float) -> None:
        """Nobody waits for a commit before this moment of the monotonic clock: what comes until then may be one."""
        self._gather_until = moment

    # In the thread

    def _run(self) -> None:
        running = True
        while running and not self._loop.is_closed():
            batch: list[Write | Append] = []
            try:
                batch, running = self._next_batch()
                if self._db is None and time.monotonic() >= self._reopen_at:
                    self._try_reopen()
                if batch:
                    self._write(batch)
                elif running and self._db:
                    self._maintain(self._db)
            except Exception as error:  # noqa: BLE001 - every error is reported to the senders, and the file is reopened
                self._fail(error)
                self._notify_failed(batch)
        if self._db:
            close_with_checkpoint(self._db)

    def _next_batch(self) -> tuple[list[Write | Append], bool]:
        """Return all that waits, nothing if nothing comes for a while, and whether the thread goes on afterwards."""
        batch: list[Write | Append] = []
        with contextlib.suppress(Empty):
            wait = self._wait_seconds()
            write = self._queue.get(timeout=wait) if wait else self._queue.get_nowait()
            self._gather()
            while write is not None:
                batch.append(write)
                if len(batch) == _MAX_BATCH:
                    return batch, True
                write = self._queue.get_nowait()
            return batch, False
        return batch, True

    def _gather(self) -> None:
        """Let more writes come, but commit them in time."""
        wait = self._gather_until - _COMMITS_AHEAD * self._commit_seconds - time.monotonic()
        if wait > 0:
            time.sleep(min(wait, _LONGEST_GATHER_SECONDS))

    def _wait_seconds(self) -> float:
        """Return how many seconds to wait for a write before doing maintenance."""
        if self._db is None:
            return _RETRY_SECONDS
        if self._maintenance_due:
            return 0.0
        return _QUIET_SECONDS if self._freed else _IDLE_SECONDS

    def _write(self, batch: list[Write | Append]) -> None:
        if self._db is None:
            self._notify_failed(batch)
            return
        started = time.monotonic()
        self._db.execute("BEGIN IMMEDIATE")
        _execute_all(self._db, batch)
        self._db.execute("COMMIT")
        self._check_file_in_place()
        self._maintenance_due = True
        if any(write.erased for write in batch):
            self._freed = self._erased = True
        now = time.monotonic()
        self._quiet_at = now + _QUIET_SECONDS
        self._commit_seconds += _COMMIT_WEIGHT * (now - started - self._commit_seconds)
        self.commits.add(now - started)
        try:
            call_all(write.mark_committed for write in batch)
        except ExceptionGroup as errors:  # what is known of the file is not what is in it: it is read again
            self._fail(errors)
        self._post(_notify_done, batch)

    def _maintain(self, db: sqlite3.Connection) -> None:
        """Do a step of maintenance, or reclaim some space, while no write waits."""
        step = self._owner.next_maintenance()
        db.execute("BEGIN IMMEDIATE")
        step.execute(db)
        db.execute("COMMIT")
        self._freed = self._freed or step.freed
        self._maintenance_due = step.more
        if self._freed and not step.more and time.monotonic() >= self._quiet_at:
            self._maintenance_due = reclaim_space(db, erased=self._erased)
            self._erased = False
            self._freed = self._maintenance_due or not checkpoint(db)
        self._post(step.notify_done)

    def _check_file_in_place(self) -> None:
        """Raise FileGoneError if the file was deleted or replaced: SQLite would go on writing to the old one."""
        try:
            current = inodes(self._folder)
        except OSError:
            raise FileGoneError from None
        if current != self._inodes:
            raise FileGoneError

    def _fail(self, error: Exception) -> None:
        """Close the file: what a failed commit has left in it is not known until it is opened again."""
        db, self._db = self._db, None
        if db:
            with contextlib.suppress(sqlite3.Error):
                db.rollback()
            db.close()
        self._record_error(error)

    def _try_reopen(self) -> None:
        """Reopen the file if the cause of the failure is gone."""
        self._reopen_at = time.monotonic() + _RETRY_SECONDS
        try:
            if self._damaged:
                self._owner.quarantine()
                self._damaged = False
            db, notifications = self._owner.reopen()
            self._inodes = inodes(self._folder)
        except Exception as error:  # noqa: BLE001 - as in `_run`
            self._record_error(error)
            return
        self._db = db
        self._post(_notify_done, notifications)
        self._set_problem(None)

    def _record_error(self, error: Exception) -> None:
        self._damaged = self._damaged or is_damage(error)
        self._set_problem(explain(error, self._folder))

    def _set_problem(self, problem: StorageProblem | None) -> None:
        if problem != self._problem:
            self._problem = problem
            self._post(self._owner.on_problem, problem)

    def _notify_failed(self, batch: list[Write | Append]) -> None:
        if batch and self._problem:
            self._post(_notify_failed, batch, LogError(self._problem))

    def _post(self, callback: Callable[..., None], *arguments: object) -> None:
        self._loop.call_soon_threadsafe(callback, *arguments)


def _execute_all(db: sqlite3.Connection, batch: Iterable[Write | Append]) -> None:
    """Execute writes in order; consecutive messages are inserted together."""
    run: list[Append] = []
    for write in batch:
        if isinstance(write, Append):
            run.append(write)
            continue
        insert(db, run)
        run = []
        write.execute(db)
    insert(db, run)


def _notify_done(batch: Iterable[Notification]) -> None:
    call_all(write.notify_done for write in batch)


def _notify_failed(batch: list[Write | Append], error: LogError) -> None:
    call_all(partial(write.notify_failed, error) for write in batch)
