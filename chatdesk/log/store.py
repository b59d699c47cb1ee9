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

from chatdesk.log import index
from chatdesk.log.appending import Incarnation
from chatdesk.log.chore import Chore
from chatdesk.log.database import Aside, check_thoroughly, connect, open_database, probe, replace_damaged
from chatdesk.log.durable import DurableLog, new_incarnation
from chatdesk.log.lock import Lock
from chatdesk.log.problems import cannot_open
from chatdesk.log.reader import Reader
from chatdesk.log.recovery import recover
from chatdesk.log.room_log import Indexing, LogError, Problem, Seat
from chatdesk.log.schema import migrate
from chatdesk.log.sweep import Keep
from chatdesk.log.through import through
from chatdesk.log.writer import Writer
from chatdesk.log.writes import News
from chatdesk.paths import make_private

logger = logging.getLogger(__name__)


class _Room(NamedTuple):
    """A room as the file has it when it is opened."""

    incarnation: Incarnation
    first_seq: int


class _Contents(NamedTuple):
    """What the file says when it is opened; ``aside`` is what has become of a damaged one."""

    db: sqlite3.Connection
    aside: Aside | None
    about: dict[str, Any]
    rooms: dict[str, _Room]
    next_number: int
    seats: list[Seat]
    indexing: Indexing | None


class Store:
    """An archive in a folder; ``open_store`` makes one."""

    def __init__(self, folder: Path, lock: Lock, contents: _Contents, keep: Keep) -> None:
        self.server_id: str = contents.about["server_id"]
        self.secret: bytes = contents.about["secret"]
        self.problem: Problem | None = None
        self.notices = (str(contents.aside),) if contents.aside else ()
        self._folder = folder
        self._lock = lock
        self._about = contents.about
        self._keep = keep
        self._rooms = contents.rooms
        self._seats = contents.seats
        self._numbers = itertools.count(contents.next_number)
        self._logs: dict[str, DurableLog] = {}
        self._leaving: dict[str, _Release] = {}
        self._changed: Callable[[Problem | None], None] = _nobody
        self.indexing = contents.indexing
        self._indexed: Callable[[], None] = _nobody_either
        self.writer = Writer(folder, contents.db, self)
        self.reader = Reader(folder, self._damaged)

    def follow(self, changed: Callable[[Problem | None], None]) -> None:
        """Call ``changed`` whenever there is another problem, or none any more."""
        self._changed = changed

    def follow_indexing(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` whenever the search index has got further."""
        self._indexed = changed

    def room(self, name: str) -> DurableLog:
        """The log of this room."""
        self._leaving.pop(name, None)
        return self._logs.get(name) or self._open(name)

    def release(self, name: str) -> None:
        """Forget the room, once everything that waits is written; one in which nobody has spoken leaves nothing."""
        self._leaving[name] = release = _Release(self, self._logs[name])
        self.writer.put(release)

    def released(self, release: _Release, log: DurableLog) -> None:
        """All that was said in it is on the disk, and told; unless somebody has come to it again, it goes."""
        if self._leaving.get(log.name) is not release:
            return
        del self._leaving[log.name], self._logs[log.name]
        if log.last_seq:
            self._rooms[log.name] = _Room(log.settled, log.seqs.start)
        else:
            self._rooms.pop(log.name, None)

    def seats(self) -> list[Seat]:
        """Nicknames that were taken, or not yet given up, when the server last stopped."""
        return self._seats

    def take_seat(self, seat: Seat) -> None:
        """Remember who has this nickname."""
        self.writer.put(_Statement("INSERT OR REPLACE INTO seat VALUES (?, ?)", seat))

    def leave_seat(self, key: str) -> None:
        """Forget who had it."""
        self.writer.put(_Statement("DELETE FROM seat WHERE key = ?", (key,)))

    def _open(self, name: str) -> DurableLog:
        found = self._rooms.get(name) or _Room(self._begin(name), 1)
        log = self._logs[name] = DurableLog(found.incarnation, found.first_seq, self.writer, self.reader, self._number)
        return log

    def _begin(self, name: str) -> Incarnation:
        """A room that is still empty is the same one after a restart: nobody is to think that something is lost."""
        room = self._fresh(name)
        values = (room.number, room.name, room.epoch)
        self.writer.put(_Statement("INSERT OR IGNORE INTO room VALUES (?, ?, ?, 1, 0)", values))
        return room

    def _fresh(self, name: str) -> Incarnation:
        return new_incarnation(self._number(), name)

    def _number(self) -> int:
        return next(self._numbers)

    # What the writer tells and asks

    def trouble(self, problem: Problem | None) -> None:
        """There is another problem, or none any more."""
        if problem:
            logger.error(problem.sentence)
        else:
            logger.warning("What is said is kept again.")
        self.problem = problem
        self._changed(problem)

    def put_aside(self) -> None:
        """Nothing may touch the damaged file any more."""
        with self.reader.closed():  # Windows renames no file that somebody has open
            aside = replace_damaged(self._folder)
        logger.error(str(aside))

    def open_again(self) -> tuple[sqlite3.Connection, list[News]]:
        """Go on as the same server with what is really there, be it nothing."""
        self._lock.keep()
        db = connect(self._folder)
        try:
            migrate(db)
            probe(db)
            about = [(value, name) for name, value in self._about.items()]
            db.executemany("UPDATE about SET value = ? WHERE name = ?", about)
            self._rooms = _rooms(db)
            news = [recover(db, log, self._fresh(name)) for name, log in list(self._logs.items())]
        except BaseException:
            db.close()
            raise
        self.reader.reopen()
        return db, [item for item in news if item]

    def chore(self) -> Chore:
        """A step of forgetting what need not be kept, or of building the search index."""
        return Chore(self._keep, self._logs, self._index_built)

    def _index_built(self, indexing: Indexing | None) -> None:
        if indexing != self.indexing:
            self.indexing = indexing
            self._indexed()

    def _damaged(self) -> None:
        """A reader has met damage: let the writer look, which alone may put a file aside."""
        self.writer.put(_Check())


class _Statement:
    """A change that nobody waits for: when it fails, the next one that somebody waits for will say so."""

    def __init__(self, sql: str, values: tuple[str | int, ...]) -> None:
        self._sql = sql
        self._values = values

    def carry_out(self, db: sqlite3.Connection) -> None:
        db.execute(self._sql, self._values)

    def settle(self) -> None:
        pass

    def done(self) -> None:
        pass

    def failed(self, error: LogError) -> None:
        pass


class _Release(_Statement):
    """Comes to its turn when all that was said in a room before is written."""

    def __init__(self, store: Store, log: DurableLog) -> None:
        super().__init__("DELETE FROM room WHERE name = ? AND last_seq = 0", (log.name,))
        self._store = store
        self._log = log

    def done(self) -> None:
        self._store.released(self, self._log)


class _Check(_Statement):
    """Look for damage; where there is some, the writer fails over it, and starts again."""

    def __init__(self) -> None:
        super().__init__("", ())

    def carry_out(self, db: sqlite3.Connection) -> None:
        check_thoroughly(db)


@asynccontextmanager
async def open_store(
    folder: Path,
    keep: Keep = Keep(),  # noqa: B008 - it is a tuple
    name: str = "",
) -> AsyncIterator[Store]:
    """The archive in this folder, which is made if need be, and is said to be of the chat of this ``name``.

    Raises StoreError with a sentence that says what to do.
    """
    opened: list[tuple[Lock, _Contents]] = []
    try:
        await through(lambda: opened.append(_open(folder)))
    except asyncio.CancelledError:
        for lock, contents in opened:
            contents.db.close()
            lock.close()
        raise
    [(lock, contents)] = opened
    try:
        store = Store(folder, lock, contents, keep)
        for notice in store.notices:
            logger.warning(notice)
        store.writer.put(_Statement("INSERT OR REPLACE INTO about VALUES ('name', ?)", (name,)))
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


def _open(folder: Path) -> tuple[Lock, _Contents]:
    try:
        make_private(folder)
        lock = Lock(folder)
        try:
            return lock, _read(*open_database(folder))
        except BaseException:
            lock.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise cannot_open(error, folder) from None


def _read(db: sqlite3.Connection, aside: Aside | None) -> _Contents:
    next_number = db.execute("SELECT coalesce(max(number), 0) + 1 FROM room").fetchone()[0]
    about = dict(db.execute("SELECT name, value FROM about WHERE name IN ('server_id', 'secret')"))
    seats = [Seat(*row) for row in db.execute("SELECT * FROM seat")]
    return _Contents(db, aside, about, _rooms(db), next_number, seats, index.progress(db))


def _rooms(db: sqlite3.Connection) -> dict[str, _Room]:
    return {
        name: _Room(Incarnation(number, name, epoch, last_seq, last_seq), first_seq)
        for number, name, epoch, first_seq, last_seq in db.execute("SELECT * FROM room WHERE name IS NOT NULL")
    }


def _nobody(_problem: Problem | None) -> None:
    """Until somebody follows."""


def _nobody_either() -> None:
    """Until somebody follows."""
