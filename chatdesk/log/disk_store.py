"""The logs of all rooms in one file: the durable archive."""

from __future__ import annotations

import asyncio
import itertools
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from chatdesk.log import search_index
from chatdesk.log.append import RoomEpoch
from chatdesk.log.database import Quarantined, check_thoroughly, connect, open_database, probe, replace_damaged
from chatdesk.log.disk_log import DiskLog, new_epoch
from chatdesk.log.lock import FolderLock
from chatdesk.log.maintenance import MaintenanceStep
from chatdesk.log.reader import Reader
from chatdesk.log.recovery import recover
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import IndexProgress, LogError, Reservation, StorageProblem
from chatdesk.log.run_to_completion import run_to_completion
from chatdesk.log.schema import migrate
from chatdesk.log.storage_errors import open_error
from chatdesk.log.writer import Writer
from chatdesk.log.writer_interfaces import Notification
from chatdesk.paths import make_private

logger = logging.getLogger(__name__)


class _StoredRoom(NamedTuple):
    """A room as the file has it when it is opened."""

    room_epoch: RoomEpoch
    first_seq: int


class _Contents(NamedTuple):
    """What the file says when it is opened; ``aside`` is what has become of a damaged one."""

    db: sqlite3.Connection
    quarantined: Quarantined | None
    about: dict[str, Any]
    rooms: dict[str, _StoredRoom]
    next_number: int
    reservations: list[Reservation]
    indexing: IndexProgress | None


class DiskStore:
    """An archive in a folder; ``open_store`` makes one."""

    def __init__(self, folder: Path, lock: FolderLock, contents: _Contents, retention: Retention) -> None:
        self.server_id: str = contents.about["server_id"]
        self.secret: bytes = contents.about["secret"]
        self.problem: StorageProblem | None = None
        self.notices = (str(contents.quarantined),) if contents.quarantined else ()
        self._folder = folder
        self._lock = lock
        self._about = contents.about
        self._retention = retention
        self._rooms = contents.rooms
        self._reservations = contents.reservations
        self._numbers = itertools.count(contents.next_number)
        self._logs: dict[str, DiskLog] = {}
        self._releasing: dict[str, _Release] = {}
        self._notify_problem: Callable[[StorageProblem | None], None] = _ignore_problem
        self.indexing = contents.indexing
        self._notify_progress: Callable[[], None] = _ignore_progress
        self.writer = Writer(folder, contents.db, self)
        self.reader = Reader(folder, self._submit_check)

    def subscribe(self, on_problem: Callable[[StorageProblem | None], None]) -> None:
        """Call ``changed`` whenever there is another problem, or none any more."""
        self._notify_problem = on_problem

    def subscribe_indexing(self, on_progress: Callable[[], None]) -> None:
        """Call ``changed`` whenever the search index has got further."""
        self._notify_progress = on_progress

    def room(self, name: str) -> DiskLog:
        """The log of this room."""
        self._releasing.pop(name, None)
        return self._logs.get(name) or self._open(name)

    def release(self, name: str) -> None:
        """Forget the room, once everything that waits is written; one in which nobody has spoken leaves nothing."""
        self._releasing[name] = release = _Release(self, self._logs[name])
        self.writer.submit(release)

    def drop_released(self, release: _Release, log: DiskLog) -> None:
        """All that was said in it is on the disk, and told; unless somebody has come to it again, it goes."""
        if self._releasing.get(log.name) is not release:
            return
        del self._releasing[log.name], self._logs[log.name]
        if log.last_seq:
            self._rooms[log.name] = _StoredRoom(log.committed_epoch, log.seqs.start)
        else:
            self._rooms.pop(log.name, None)

    def reservations(self) -> list[Reservation]:
        """Nicknames that were taken, or not yet given up, when the server last stopped."""
        return self._reservations

    def store_reservation(self, reservation: Reservation) -> None:
        """Remember who has this nickname."""
        self.writer.submit(_Statement("INSERT OR REPLACE INTO seat VALUES (?, ?)", reservation))

    def delete_reservation(self, key: str) -> None:
        """Forget who had it."""
        self.writer.submit(_Statement("DELETE FROM seat WHERE key = ?", (key,)))

    def _open(self, name: str) -> DiskLog:
        found = self._rooms.get(name) or _StoredRoom(self._create_room(name), 1)
        log = self._logs[name] = DiskLog(found.room_epoch, found.first_seq, self.writer, self.reader, self._next_number)
        return log

    def _create_room(self, name: str) -> RoomEpoch:
        """A room that is still empty is the same one after a restart: nobody is to think that something is lost."""
        room = self._new_epoch(name)
        values = (room.number, room.name, room.epoch)
        self.writer.submit(_Statement("INSERT OR IGNORE INTO room VALUES (?, ?, ?, 1, 0)", values))
        return room

    def _new_epoch(self, name: str) -> RoomEpoch:
        return new_epoch(self._next_number(), name)

    def _next_number(self) -> int:
        return next(self._numbers)

    # What the writer tells and asks

    def on_problem(self, problem: StorageProblem | None) -> None:
        """There is another problem, or none any more."""
        if problem:
            logger.error(problem.sentence)
        else:
            logger.warning("What is said is kept again.")
        self.problem = problem
        self._notify_problem(problem)

    def quarantine(self) -> None:
        """Nothing may touch the damaged file any more."""
        with self.reader.closed():  # Windows renames no file that somebody has open
            quarantined = replace_damaged(self._folder)
        logger.error(str(quarantined))

    def reopen(self) -> tuple[sqlite3.Connection, list[Notification]]:
        """Go on as the same server with what is really there, be it nothing."""
        self._lock.reacquire_if_replaced()
        db = connect(self._folder)
        try:
            migrate(db)
            probe(db)
            about = [(value, name) for name, value in self._about.items()]
            db.executemany("UPDATE about SET value = ? WHERE name = ?", about)
            self._rooms = _rooms(db)
            notifications = [recover(db, log, self._new_epoch(name)) for name, log in list(self._logs.items())]
        except BaseException:
            db.close()
            raise
        self.reader.reopen()
        return db, [item for item in notifications if item]

    def next_maintenance(self) -> MaintenanceStep:
        """A step of forgetting what need not be kept, or of building the search index."""
        return MaintenanceStep(self._retention, self._logs, self._set_indexing)

    def _set_indexing(self, indexing: IndexProgress | None) -> None:
        if indexing != self.indexing:
            self.indexing = indexing
            self._notify_progress()

    def _submit_check(self) -> None:
        """A reader has met damage: let the writer look, which alone may put a file aside."""
        self.writer.submit(_DamageCheck())


class _Statement:
    """A change that nobody waits for: when it fails, the next one that somebody waits for will say so."""

    def __init__(self, sql: str, values: tuple[str | int, ...]) -> None:
        self._sql = sql
        self._values = values

    def execute(self, db: sqlite3.Connection) -> None:
        db.execute(self._sql, self._values)

    def mark_committed(self) -> None:
        pass

    def notify_done(self) -> None:
        pass

    def notify_failed(self, error: LogError) -> None:
        pass


class _Release(_Statement):
    """Comes to its turn when all that was said in a room before is written."""

    def __init__(self, store: DiskStore, log: DiskLog) -> None:
        super().__init__("DELETE FROM room WHERE name = ? AND last_seq = 0", (log.name,))
        self._store = store
        self._log = log

    def notify_done(self) -> None:
        self._store.drop_released(self, self._log)


class _DamageCheck(_Statement):
    """Look for damage; where there is some, the writer fails over it, and starts again."""

    def __init__(self) -> None:
        super().__init__("", ())

    def execute(self, db: sqlite3.Connection) -> None:
        check_thoroughly(db)


@asynccontextmanager
async def open_store(
    folder: Path,
    retention: Retention = Retention(),  # noqa: B008 - it is a tuple
    name: str = "",
) -> AsyncIterator[DiskStore]:
    """The archive in this folder, which is made if need be, and is said to be of the chat of this ``name``.

    Raises StoreError with a sentence that says what to do.
    """
    opened: list[tuple[FolderLock, _Contents]] = []
    try:
        await run_to_completion(lambda: opened.append(_open(folder)))
    except asyncio.CancelledError:
        for lock, contents in opened:
            contents.db.close()
            lock.close()
        raise
    [(lock, contents)] = opened
    try:
        store = DiskStore(folder, lock, contents, retention)
        for notice in store.notices:
            logger.warning(notice)
        store.writer.submit(_Statement("INSERT OR REPLACE INTO about VALUES ('name', ?)", (name,)))
        store.reader.start()
        store.writer.start()
        try:
            yield store
        finally:
            try:
                await store.reader.stop()
            finally:  # whoever is cancelled meanwhile
                await store.writer.stop()
    finally:
        lock.close()


def _open(folder: Path) -> tuple[FolderLock, _Contents]:
    try:
        make_private(folder)
        lock = FolderLock(folder)
        try:
            return lock, _read(*open_database(folder))
        except BaseException:
            lock.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise open_error(error, folder) from None


def _read(db: sqlite3.Connection, quarantined: Quarantined | None) -> _Contents:
    next_number = db.execute("SELECT coalesce(max(number), 0) + 1 FROM room").fetchone()[0]
    about = dict(db.execute("SELECT name, value FROM about WHERE name IN ('server_id', 'secret')"))
    reservations = [Reservation(*row) for row in db.execute("SELECT * FROM seat")]
    return _Contents(db, quarantined, about, _rooms(db), next_number, reservations, search_index.progress(db))


def _rooms(db: sqlite3.Connection) -> dict[str, _StoredRoom]:
    return {
        name: _StoredRoom(RoomEpoch(number, name, epoch, last_seq, last_seq), first_seq)
        for number, name, epoch, first_seq, last_seq in db.execute("SELECT * FROM room WHERE name IS NOT NULL")
    }


def _ignore_problem(_problem: StorageProblem | None) -> None:
    """Until somebody follows."""


def _ignore_progress() -> None:
    """Until somebody follows."""
