"""The logs of all rooms of a chat, in one SQLite file in its folder."""

from __future__ import annotations

import asyncio
import itertools
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

from chatdesk.log import kept_rooms
from chatdesk.log.database import check_thoroughly, connect, open_database, probe, replace_damaged
from chatdesk.log.disk_contents import Contents, StoredRoom, read_contents, read_rooms
from chatdesk.log.disk_log import DiskLog, new_epoch
from chatdesk.log.history_pages import RoomView
from chatdesk.log.hook_file import Hook, HookFile
from chatdesk.log.lock import FolderLock, Lock
from chatdesk.log.maintenance import MaintenanceStep
from chatdesk.log.passes import Passes
from chatdesk.log.reader import Reader
from chatdesk.log.recovery import recover
from chatdesk.log.reservation import Reservation
from chatdesk.log.retention import Retention
from chatdesk.log.revoked_tokens import RevokedTokens
from chatdesk.log.room_epoch import FIRST, Extent, RoomEpoch
from chatdesk.log.room_log import FoundRooms, IndexProgress, LogError, StorageProblem, Unsubscribe
from chatdesk.log.room_search import search_rooms
from chatdesk.log.rooms import Reading, RoomExtent, RoomSettings, StoredSubscription, Unread
from chatdesk.log.run_to_completion import run_to_completion
from chatdesk.log.schema import NEW_ROOM, entry_place, migrate
from chatdesk.log.search_query import SearchQuery
from chatdesk.log.statement import Statement
from chatdesk.log.storage_errors import open_error
from chatdesk.log.stored_held import StoredHeld
from chatdesk.log.stored_invitations import StoredInvitations
from chatdesk.log.stored_order import DiskOrder
from chatdesk.log.stored_readings import StoredReadings
from chatdesk.log.subscribers import ChangedElsewhere, Subscribers
from chatdesk.log.timings import LogTimings
from chatdesk.log.writer import Writer
from chatdesk.log.writer_interfaces import Notification
from chatdesk.paths import make_private

logger = logging.getLogger(__name__)


class DiskStore(ChangedElsewhere):
    """The log store of a folder; see ``LogStore``. Made by ``open_store``, and used on the loop."""

    def __init__(self, folder: Path, lock: Lock, contents: Contents, retention: Retention) -> None:
        self.server_id: str = contents.properties["server_id"]
        self.secret: bytes = contents.properties["secret"]
        self.author = contents.author
        self.problem: StorageProblem | None = None
        self.notices = (str(contents.quarantined),) if contents.quarantined else ()
        self._folder = folder
        self._hooks = HookFile(folder)
        self._lock = lock
        self._properties = contents.properties
        self._retention = retention
        self._rooms = contents.rooms
        self._settings = contents.settings
        self._subscriptions = contents.subscriptions
        self._receipts_off = contents.receipts_off
        self._deleted_rooms = contents.deleted_rooms
        self._reservations = contents.reservations
        self._numbers = itertools.count(contents.next_number)
        self._logs: dict[str, DiskLog] = {}
        self._releasing: dict[str, _Release] = {}
        self._problem_changed = Subscribers[StorageProblem | None]()
        self.indexing = contents.indexing
        self._indexing_changed = Subscribers[[]]()
        self.writer = Writer(folder, contents.db, self)
        self.held = StoredHeld(contents.held, self.writer)
        self.invitations = StoredInvitations(contents.invitations, self.writer)
        self.reader = Reader(folder, self._submit_check)
        self._readings = StoredReadings(self.writer, self.reader)
        self.passes = Passes(contents.passes, lambda sql, values: self.writer.submit_later(Statement(sql, values)))
        self.timings = LogTimings(self.reader.timings, self.writer.commits)
        self.order = DiskOrder(contents.standings, self.writer, self.reader)

    def subscribe(self, on_problem: Callable[[StorageProblem | None], None]) -> Unsubscribe:
        """See ``LogStore``."""
        return self._problem_changed.add(on_problem)

    def subscribe_indexing(self, on_progress: Callable[[], None]) -> Unsubscribe:
        """See ``LogStore``."""
        return self._indexing_changed.add(on_progress)

    def room(self, name: str) -> DiskLog:
        """See ``LogStore``."""
        self._releasing.pop(name, None)
        return self._logs.get(name) or self._open(name)

    def release(self, name: str) -> None:
        """Close the room once everything that waits is written; a room without messages leaves nothing in the file."""
        self._releasing[name] = release = _Release(self, self._logs[name])
        self.writer.submit(release)

    def drop_released(self, release: _Release, log: DiskLog) -> None:
        """Close a released room, whose messages are all written and announced, unless it was opened again meanwhile."""
        if self._releasing.get(log.name) is not release:
            return
        del self._releasing[log.name], self._logs[log.name]
        if log.last_change:
            self._rooms[log.name] = StoredRoom(log.committed_epoch, Extent(log.seqs.start, log.changes.start))
        else:
            self._rooms.pop(log.name, None)

    def room_settings(self) -> dict[str, RoomSettings]:
        """See ``LogStore``. Rooms of an earlier version, and those that were saved of a damaged file, may have none."""
        return dict.fromkeys(self._rooms, RoomSettings(created=True)) | self._settings

    def extent(self, room: str) -> RoomExtent:
        """See ``LogStore``."""
        if log := self._logs.get(room):
            return RoomExtent(log.epoch, log.last_seq, log.seqs.start)
        if stored := self._rooms.get(room):
            return RoomExtent(stored.room_epoch.epoch, stored.room_epoch.committed.seq, stored.first.seq)
        return RoomExtent()

    def store_settings(self, room: str, settings: RoomSettings, reply: Callable[[LogError | None], None]) -> None:
        """See ``LogStore``."""
        self.writer.submit(kept_rooms.StoreSettings(room, settings, reply))

    def delete_settings(self, room: str) -> None:
        """See ``LogStore``."""
        for table in kept_rooms.ROOM_TABLES:
            self.writer.submit_later(Statement(f"DELETE FROM {table} WHERE room = ?", (room,)))

    def deleted_rooms(self) -> set[str]:
        """See ``LogStore``."""
        return self._deleted_rooms

    def delete_room(self, room: str, reply: Callable[[LogError | None], None]) -> None:
        """See ``LogStore``."""
        self.writer.submit(kept_rooms.DeleteRoom(room, partial(self._forget_room, room), reply))

    def forget_deleted(self, room: str) -> None:
        """See ``LogStore``."""
        self._deleted_rooms.discard(room)
        self.writer.submit_later(Statement("DELETE FROM deleted_room WHERE room = ?", (room,)))

    def _forget_room(self, room: str) -> None:
        self._logs.pop(room, None)
        self._releasing.pop(room, None)
        self._rooms.pop(room, None)
        self.delete_settings(room)  # people may have read on in it after the question

    def subscriptions(self) -> list[StoredSubscription]:
        """See ``LogStore``."""
        subscriptions, self._subscriptions = self._subscriptions, []
        return subscriptions

    def store_subscription(self, stored: StoredSubscription) -> None:
        """See ``LogStore``."""
        self.writer.submit_later(Statement(kept_rooms.STORE_SUBSCRIPTION, kept_rooms.subscription_row(stored)))

    def forget_person(self, identity: str, rooms: Iterable[str], *, choice: bool) -> None:
        """See ``LogStore``."""
        for room in rooms:
            self.writer.submit_later(Statement(kept_rooms.FORGET_SUBSCRIPTION, (identity, room)))
        if choice:
            self.writer.submit_later(Statement(kept_rooms.receipts_statement(off=False), (identity,)))

    def restart_subscriptions(self, room: str, last_seq: int) -> None:
        """See ``LogStore``."""
        self.writer.submit_later(Statement(kept_rooms.RESTART_SUBSCRIPTIONS, (last_seq, room)))
        self.writer.submit_later(Statement("DELETE FROM reading WHERE room = ?", (room,)))

    def store_reading(self, reading: Reading) -> None:
        """See ``LogStore``."""
        self._readings.store(reading)

    async def read_minutes(self, room: str, seq: int, identities: Sequence[str]) -> dict[str, int]:
        """See ``LogStore``."""
        return await self._readings.minutes(room, seq, identities)

    def receipts_off(self) -> set[str]:
        """See ``LogStore``."""
        return self._receipts_off

    def store_receipts_off(self, identity: str, *, off: bool) -> None:
        """See ``LogStore``."""
        self.writer.submit_later(Statement(kept_rooms.receipts_statement(off=off), (identity,)))

    async def unread(self, identity: str, seqs: Mapping[str, range]) -> dict[str, Unread]:
        """See ``LogStore``."""
        spans = {room: self._span(room, numbers) for room, numbers in seqs.items()}
        count = partial(kept_rooms.count_unread, identity=identity, author=self.author(identity), spans=spans)
        return await self.reader.read(count)

    async def search(self, query: str, floors: Mapping[str, int], limit: int) -> FoundRooms:
        """See ``LogStore``."""
        parsed = SearchQuery(query)
        if not parsed:
            return FoundRooms({})
        views = {view.number: view for name, floor in floors.items() if (view := self._view(name, floor))}
        return await self.reader.search(partial(search_rooms, views=views, query=parsed, limit=limit))

    def _view(self, name: str, floor: int) -> RoomView | None:
        """The view of a room beyond a message; None if there is nothing in it."""
        if log := self._logs.get(name):
            view = log.view()
        elif stored := self._rooms.get(name):
            view = RoomView.of(stored.room_epoch)._replace(first_seq=stored.first.seq)
        else:
            return None
        view = view._replace(first_seq=max(view.first_seq, floor + 1))
        return view if view.first_seq <= view.last_seq else None

    def _span(self, room: str, seqs: range) -> tuple[int, int]:
        """The places of these messages of a room in the file; of none where there is no such room."""
        log, stored = self._logs.get(room), self._rooms.get(room)
        number = log.number if log else stored.room_epoch.number if stored else 0
        return entry_place(number, seqs.start), entry_place(number, seqs.stop - 1)

    def reservations(self) -> list[Reservation]:
        """See ``LogStore``."""
        return self._reservations

    def store_reservation(self, reservation: Reservation) -> None:
        """See ``LogStore``. Nobody waits for it: it is in the file with the next message at the latest."""
        self.writer.submit_later(Statement("INSERT OR REPLACE INTO seat VALUES (?, ?)", reservation[:2]))

    def delete_reservation(self, key: str) -> None:
        """See ``LogStore``."""
        self.writer.submit_later(Statement("DELETE FROM seat WHERE key = ?", (key,)))

    def hook(self, secret: str) -> Hook | None:
        """See ``LogStore``."""
        return self._hooks.find(secret)

    def _open(self, name: str) -> DiskLog:
        stored = self._rooms.get(name) or StoredRoom(self._create_room(name), FIRST)
        log = self._logs[name] = self._new_log(stored)
        return log

    def _new_log(self, stored: StoredRoom) -> DiskLog:
        return DiskLog(stored.room_epoch, stored.first, self.writer, self.reader, self._next_number)

    def _create_room(self, name: str) -> RoomEpoch:
        """Store a new room although it is empty: with another epoch after a restart, clients would think of a loss."""
        room = self._new_epoch(name)
        self.writer.submit(Statement(f"{NEW_ROOM} ON CONFLICT DO NOTHING", (room.number, room.name, room.epoch)))
        return room

    def _new_epoch(self, name: str) -> RoomEpoch:
        return new_epoch(self._next_number(), name, self.author)

    def _next_number(self) -> int:
        return next(self._numbers)

    # What the writer calls

    def on_problem(self, problem: StorageProblem | None) -> None:
        """Log the problem and notify the subscribers; called on the loop."""
        if problem:
            logger.error(problem.sentence)
        else:
            logger.warning("What is said is kept again.")
        self.problem = problem
        self._problem_changed.notify(problem)

    def quarantine(self) -> None:
        """Replace the damaged file; called in the writer's thread."""
        with self.reader.closed():  # Windows does not rename a file that is open
            quarantined = replace_damaged(self._folder)
        logger.error(str(quarantined))

    def reopen(self) -> tuple[sqlite3.Connection, list[Notification]]:
        """Open the file again and go on with what is in it, as the same server even if it is empty.

        Called in the writer's thread. Returns a connection, and what has to be announced. Raises sqlite3.Error, OSError
        and LogError while that fails.
        """
        self._lock.reacquire_if_replaced()
        db = connect(self._folder)
        try:
            migrate(db)
            probe(db)
            properties = [(value, name) for name, value in self._properties.items()]
            db.executemany("UPDATE about SET value = ? WHERE name = ?", properties)
            self._rooms = read_rooms(db, self.author)
            notifications = [recover(db, log, self._new_epoch(name)) for name, log in list(self._logs.items())]
        except BaseException:
            db.close()
            raise
        self.reader.reopen()
        return db, [item for item in notifications if item]

    def next_maintenance(self) -> MaintenanceStep:
        """Return the next step of maintenance; called in the writer's thread."""
        return MaintenanceStep(self._retention, self._logs, self._set_indexing)

    def _set_indexing(self, indexing: IndexProgress | None) -> None:
        if indexing != self.indexing:
            self.indexing = indexing
            self._indexing_changed.notify()

    def _submit_check(self) -> None:
        """Let the writer check the file in which a reader has met damage: only the writer may replace a file."""
        self.writer.submit(_DamageCheck())


class _Release(Statement):
    """Closes a room when all messages that were submitted before are written."""

    def __init__(self, store: DiskStore, log: DiskLog) -> None:
        super().__init__("DELETE FROM room WHERE name = ? AND last_change = 0", (log.name,))
        self._store = store
        self._log = log

    def notify_done(self) -> None:
        self._store.drop_released(self, self._log)


class _DamageCheck(Statement):
    """Checks the file; damage makes the writer fail, replace the file and reopen it."""

    def __init__(self) -> None:
        super().__init__("", ())

    def execute(self, db: sqlite3.Connection) -> None:
        check_thoroughly(db)


def open_store(
    folder: Path,
    retention: Retention = Retention(),  # noqa: B008 - it is a tuple
    name: str = "",
) -> AbstractAsyncContextManager[DiskStore]:
    """Open the log store of a folder; see ``open_store_as``."""
    return open_store_as(DiskStore, folder, retention, name)


@asynccontextmanager
async def open_store_as[Store: DiskStore](
    new_store: Callable[[Path, Lock, Contents, Retention], Store],
    folder: Path,
    retention: Retention,
    name: str,
    new_lock: Callable[[Path], Lock] = FolderLock,
) -> AsyncIterator[Store]:
    """Open the log store of a folder, which is created if needed; ``name`` of the chat is stored in it.

    Raises StoreError, with a sentence that says what to do, if another process has the folder or the file cannot be
    opened.
    """
    opened: list[tuple[Lock, Contents]] = []
    try:
        await run_to_completion(lambda: opened.append(_open(folder, new_lock)))
    except asyncio.CancelledError:
        for lock, contents in opened:
            contents.db.close()
            lock.close()
        raise
    [(lock, contents)] = opened
    try:
        store = new_store(folder, lock, contents, retention)
        opened.clear()
        del contents  # who belonged to which room is handed on, and would be kept here a second time
        for notice in store.notices:
            logger.warning(notice)
        store.writer.submit(Statement("INSERT OR REPLACE INTO about VALUES ('name', ?)", (name,)))
        store.reader.start()
        store.writer.start()
        try:
            yield store
        finally:
            try:
                await store.reader.stop()
            finally:  # also if the caller is cancelled meanwhile
                await store.writer.stop()
    finally:
        lock.close()


def _open(folder: Path, new_lock: Callable[[Path], Lock]) -> tuple[Lock, Contents]:
    try:
        make_private(folder)
        lock = new_lock(folder)
        try:
            db, quarantined = open_database(folder)
            HookFile(folder).take_from(db)
            RevokedTokens(folder).take_from(db)
            return lock, read_contents(db, quarantined)
        except BaseException:
            lock.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise open_error(error, folder) from None
