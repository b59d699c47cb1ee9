"""One room's log on the disk: the newest entries also in memory, older ones read on request."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial

from chatdesk.log import history_pages
from chatdesk.log.acts import Act, Reactors
from chatdesk.log.append import Append, FindDuplicate
from chatdesk.log.history_pages import RoomView
from chatdesk.log.pages import first_page, fitting_count, record_size
from chatdesk.log.reader import Reader
from chatdesk.log.recent_records import RecentRecords
from chatdesk.log.room_epoch import EMPTY, FIRST, Extent, RoomEpoch
from chatdesk.log.room_log import (
    ActRefusal,
    ChangesPage,
    Draft,
    HistoryPage,
    Hits,
    LogError,
    Record,
    Refusal,
    Unsubscribe,
)
from chatdesk.log.schema import NEW_ROOM
from chatdesk.log.search_query import SearchQuery
from chatdesk.log.stored_acts import AmendMessage
from chatdesk.log.subscribers import Subscribers
from chatdesk.log.writer import Writer

_RECENT_RECORDS = 500
"""Records in memory: joins (50) and resumes after a short loss (200) are answered without the disk."""
_RECENT_BYTES = 256 * 1024
"""And bytes of theirs, at most: a hundred rooms take 25 MB."""


def new_epoch(number: int, name: str, author: Callable[[str], str]) -> RoomEpoch:
    """Return a new, empty epoch of a room; ``number`` is a new number of the room in the file."""
    return RoomEpoch(number, name, secrets.token_hex(8), author)


class DiskLog:
    """The log of one room in the file; see ``RoomLog``. All methods are called on the loop.

    ``first`` are its oldest message and change; ``next_number`` returns an unused number for a new history.
    """

    def __init__(
        self, room_epoch: RoomEpoch, first: Extent, writer: Writer, reader: Reader, next_number: Callable[[], int]
    ) -> None:
        self.name = room_epoch.name
        self.author = room_epoch.author
        self.writing_epoch = room_epoch
        """The epoch that the writer's thread inserts into."""
        self.committed_epoch = room_epoch
        """The epoch on the disk; ``writing_epoch`` is ahead of it within the transaction that clears the room."""
        self._writer = writer
        self._reader = reader
        self._next_number = next_number
        self._loop = asyncio.get_running_loop()
        self._changed = Subscribers[Record]()
        self._was_reset = Subscribers[bool]()
        self._start_epoch(room_epoch, first, room_epoch.committed)

    def _start_epoch(self, room_epoch: RoomEpoch, first: Extent, last: Extent) -> None:
        """Begin with an epoch, and read its newest records at once: everybody who joins asks for them."""
        self._room_epoch = room_epoch
        self._first = first
        self._recent = RecentRecords(_RECENT_RECORDS, _RECENT_BYTES, *last)
        if not self._all_in_memory:
            self._filling = asyncio.Task(self._fill_recent(self._recent), loop=self._loop, eager_start=True)

    @property
    def epoch(self) -> str:
        """Identifies this epoch of the room."""
        return self._room_epoch.epoch

    @property
    def last_seq(self) -> int:
        """The newest number that was announced."""
        return self._recent.last_seq

    @property
    def seqs(self) -> range:
        """The numbers of the messages that it holds."""
        return range(self._first.seq, self.last_seq + 1)

    @property
    def last_change(self) -> int:
        """The newest change that was announced."""
        return self._recent.last_change

    @property
    def changes(self) -> range:
        """The changes that it can tell of."""
        return range(self._first.change, self.last_change + 1)

    def subscribe(self, on_change: Callable[[Record], None], on_reset: Callable[[bool], None]) -> Unsubscribe:
        """See ``RoomLog``."""
        end_changes, end_resets = self._changed.add(on_change), self._was_reset.add(on_reset)

        def unsubscribe() -> None:
            end_changes()
            end_resets()

        return unsubscribe

    def get_writing_epoch(self) -> RoomEpoch:
        """Return the epoch that is written to when the writer's thread asks."""
        return self.writing_epoch

    @property
    def number(self) -> int:
        """The number of the room in the file, of this epoch."""
        return self._room_epoch.number

    def gather_until(self, moment: float) -> None:
        """See ``RoomLog``."""
        self._writer.gather_until(moment)

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """Submit the draft to the writer; see ``RoomLog``."""
        self._writer.submit(Append(self.get_writing_epoch, draft, self.record_committed, refuse))

    def find(self, draft: Draft, reply: Callable[[Refusal | None], None]) -> None:
        """See ``RoomLog``."""
        self._writer.submit(FindDuplicate(self.get_writing_epoch, draft, reply))

    def amend(self, act: Act, reply: Callable[[Record | ActRefusal], None]) -> None:
        """Submit the act to the writer; see ``RoomLog``."""
        self._writer.submit(AmendMessage(self.get_writing_epoch, act, self.record_committed, reply))

    async def latest(self, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return await self.before(self.last_seq + 1, limit)

    async def before(self, seq: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        if min(seq, self.last_seq + 1) - limit >= self._recent.seqs.start or self._all_in_memory:
            return self._recent.page_before(seq, limit, self._first.seq)
        return await self._read_page(partial(history_pages.before, seq=seq, limit=limit))

    async def after(self, seq: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        if seq >= self._recent.seqs.start - 1 or self._all_in_memory:
            return self._recent.page_after(seq, limit)
        return await self._read_page(partial(history_pages.after, seq=seq, limit=limit))

    async def around(self, seq: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return await self._read_page(partial(history_pages.around_seq, seq=seq, limit=limit))

    async def at(self, moment: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return await self._read_page(partial(history_pages.at_moment, moment=moment, limit=limit))

    async def since(self, change: int, limit: int) -> ChangesPage | None:
        """See ``RoomLog``."""
        if change + 1 < self._first.change:
            return None
        if change >= self._recent.complete_after or self._all_in_memory:
            return self._recent.since(change, limit)
        return await self._read(partial(history_pages.since, change=change, limit=limit))

    async def records(self, seqs: Sequence[int]) -> HistoryPage:
        """See ``RoomLog``."""
        held = [seq for seq in seqs if seq in self.seqs]
        if all(seq in self._recent.seqs for seq in held):
            return first_page([self._recent.get(seq) for seq in held])
        return await self._read_page(partial(history_pages.records_at, seqs=held))

    async def pins(self, before: int | None, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return await self._read_page(partial(history_pages.pins, older_than=before, limit=limit))

    async def reactors(self, seq: int, emoji: str, skip: int, limit: int) -> Reactors:
        """See ``RoomLog``."""
        return await self._read(partial(history_pages.reactors, seq=seq, emoji=emoji, skip=skip, limit=limit))

    async def own_reactions(self, identity: str, seqs: range) -> dict[int, list[str]]:
        """See ``RoomLog``."""
        return await self._read(partial(history_pages.own_reactions, identity=identity, seqs=seqs))

    async def search(self, query: str, before: int | None, limit: int) -> Hits:
        """See ``RoomLog``."""
        read = partial(history_pages.search, query=SearchQuery(query), older_than=before, limit=limit)
        return await self._reader.search(partial(_read_view, read, self.view()))

    async def clear(self) -> None:
        """See ``RoomLog``. The room gets another number; maintenance deletes the old records in small steps."""
        cleared: asyncio.Future[None] = self._loop.create_future()
        room_epoch = new_epoch(self._next_number(), self.name, self.author)
        self._writer.submit(ClearRoom(self, room_epoch, partial(settle, cleared)))
        await cleared

    # Called when the writer has done something

    def record_committed(self, record: Record) -> None:
        """Announce the next change, which is on the disk."""
        if record.is_update:
            self._recent.update(record)
        else:
            self._recent.append(record)
        self._changed.notify(record)

    def skip_change(self, change: int) -> None:
        """The next change, which is on the disk, tells nothing."""
        self._recent.last_change = change

    def reset(self, room_epoch: RoomEpoch, last: Extent, first: Extent = FIRST, *, cleared: bool = False) -> None:
        """Switch to another epoch, of which the changes up to ``last`` have not been announced.

        The writer may have written more by now; it announces that afterwards.
        """
        self._start_epoch(room_epoch, first, last)
        self._was_reset.notify(cleared)

    def discard_before(self, number: int, first: Extent) -> None:
        """Forget what retention has deleted in the epoch of this ``number``; ``first`` is what is left."""
        if number == self._room_epoch.number:
            self._first = max(self._first, first)
            self._recent.discard_before(first.seq)

    @property
    def _all_in_memory(self) -> bool:
        """Whether every record of the room is in memory."""
        return self._recent.seqs.start <= self._first.seq

    async def _fill_recent(self, recent: RecentRecords) -> None:
        """Read the newest records into memory; if that fails, they are read when somebody asks for them."""
        announced = dict[int, int]()
        stop = self._changed.add(lambda record: announced.update({record.seq: record.change}))
        try:
            newest, complete_after = await self._read_present(
                partial(history_pages.newest, limit=_RECENT_RECORDS), lambda answer: answer[0]
            )
        except LogError:
            return
        finally:
            stop()
        older = [change for seq, change in announced.items() if newest and seq < newest[0].seq]
        recent.prepend(newest, max([complete_after, *older]))
        recent.discard_before(self._first.seq)

    async def _read_page(self, read: Callable[[sqlite3.Connection, RoomView], HistoryPage]) -> HistoryPage:
        return await self._read_present(read, lambda page: page.records)

    async def _read_present[Answer](
        self,
        read: Callable[[sqlite3.Connection, RoomView], Answer],
        records: Callable[[Answer], list[Record]],
    ) -> Answer:
        """Read, and replace what was updated meanwhile: the client that asked for the answer may not hear of that."""
        while True:
            latest = dict[int, Record]()
            stop = self._changed.add(lambda record: latest.update({record.seq: record}))  # noqa: B023 - it is stopped below
            try:
                answer = await self._read(read)
            finally:
                stop()
            if _replace_outdated(records(answer), latest):
                return answer

    async def _read[Answer](self, read: Callable[[sqlite3.Connection, RoomView], Answer]) -> Answer:
        return await self._reader.read(partial(_read_view, read, self.view()))

    def view(self) -> RoomView:
        """The view of all that was announced by now."""
        return RoomView(self._room_epoch.number, self.name, self._first.seq, *self._recent.last, self.author)


class ClearRoom:
    """Deletes the history of a room, in the writer's thread."""

    erased = False

    def __init__(self, log: DiskLog, room_epoch: RoomEpoch, reply: Callable[[LogError | None], None]) -> None:
        self._log = log
        self._room_epoch = room_epoch
        self._reply = reply

    def execute(self, db: sqlite3.Connection) -> None:
        """Take the name from the old epoch, whose entries maintenance deletes later, and give it to the new one."""
        room = self._room_epoch
        db.execute("UPDATE room SET name = NULL WHERE name = ?", (room.name,))
        db.execute(NEW_ROOM, (room.number, room.name, room.epoch))
        self._log.writing_epoch = room

    def mark_committed(self) -> None:
        """Record that the new epoch is on the disk."""
        self._log.committed_epoch = self._room_epoch

    def notify_done(self) -> None:
        """Announce the new epoch."""
        self._log.reset(self._room_epoch, EMPTY, cleared=True)
        self._reply(None)

    def notify_failed(self, error: LogError) -> None:
        """Report that nothing has changed."""
        self._reply(error)


def settle(outcome: asyncio.Future[None], error: LogError | None) -> None:
    """Let those go on who wait for an outcome, unless they have gone."""
    if outcome.done():
        return
    if error:
        outcome.set_exception(error)
    else:
        outcome.set_result(None)


def _replace_outdated(records: list[Record], latest: dict[int, Record]) -> bool:
    """Replace the records of a page by those that have changed later. Returns whether it still fits a page."""
    if latest.keys().isdisjoint(record.seq for record in records):
        return True
    records[:] = [max(record, latest.get(record.seq, record), key=lambda state: state.change) for record in records]
    return fitting_count(map(record_size, records)) == len(records)


def _read_view[Answer](
    read: Callable[[sqlite3.Connection, RoomView], Answer], view: RoomView, db: sqlite3.Connection
) -> Answer:
    return read(db, view)
