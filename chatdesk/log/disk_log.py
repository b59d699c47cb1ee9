"""One room's log on the disk: the newest entries also in memory, older ones read on request."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from functools import partial

from chatdesk.log import history_pages
from chatdesk.log.append import Append, RoomEpoch
from chatdesk.log.history_pages import RoomRange
from chatdesk.log.reader import Reader
from chatdesk.log.recent_entries import RecentEntries
from chatdesk.log.room_log import Draft, Entry, HistoryPage, Hits, LogError, Refusal
from chatdesk.log.search_query import SearchQuery
from chatdesk.log.writer import Writer

_RECENT_ENTRIES = 500
"""Entries in memory: joins (50) and resumes after a short loss (200) are answered without the disk."""
_RECENT_BYTES = 256 * 1024
"""And bytes of theirs, at most: a hundred rooms take 25 MB."""

HistoryReply = Callable[[HistoryPage | LogError], None]


def new_epoch(number: int, name: str) -> RoomEpoch:
    """Return a new, empty epoch of a room; ``number`` is a new number of the room in the file."""
    return RoomEpoch(number, name, secrets.token_hex(8))


class DiskLog:
    """The log of one room in the file; see ``RoomLog``. All methods are called on the loop.

    ``first_seq`` is the number of its oldest entry; ``next_number`` returns an unused number for a new history.
    """

    def __init__(
        self, room_epoch: RoomEpoch, first_seq: int, writer: Writer, reader: Reader, next_number: Callable[[], int]
    ) -> None:
        self.name = room_epoch.name
        self.writing_epoch = room_epoch
        """The epoch that the writer's thread inserts into."""
        self.committed_epoch = room_epoch
        """The epoch on the disk; ``writing_epoch`` is ahead of it within the transaction that clears the room."""
        self._writer = writer
        self._reader = reader
        self._next_number = next_number
        self._notify_entry: Callable[[Entry], None] = _ignore_entry
        self._notify_reset: Callable[[], None] = _ignore_reset
        self._start_epoch(room_epoch, first_seq, room_epoch.committed)

    def _start_epoch(self, room_epoch: RoomEpoch, first_seq: int, last_seq: int) -> None:
        """Begin with an epoch, and read its newest entries at once: everybody who joins asks for them."""
        self._room_epoch = room_epoch
        self._first_seq = first_seq
        self._recent = RecentEntries(_RECENT_ENTRIES, _RECENT_BYTES, last_seq)
        if not self._all_in_memory:
            self._read(
                partial(history_pages.before, seq=last_seq + 1, limit=_RECENT_ENTRIES),
                partial(self._fill_recent, self._recent),
            )

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
        """The numbers of the entries that it holds."""
        return range(self._first_seq, self.last_seq + 1)

    def subscribe(self, on_entry: Callable[[Entry], None], on_reset: Callable[[], None]) -> None:
        """See ``RoomLog``."""
        self._notify_entry, self._notify_reset = on_entry, on_reset

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """Submit the draft to the writer; see ``RoomLog``."""
        self._writer.submit(Append(self._get_writing_epoch, draft, self.entry_committed, refuse))

    def latest(self, limit: int, reply: HistoryReply) -> None:
        """See ``RoomLog``."""
        self.before(self.last_seq + 1, limit, reply)

    def before(self, seq: int, limit: int, reply: HistoryReply) -> None:
        """See ``RoomLog``."""
        if min(seq, self.last_seq + 1) - limit >= self._recent.seqs.start or self._all_in_memory:
            reply(self._recent.page_before(seq, limit, self._first_seq))
        else:
            self._read(partial(history_pages.before, seq=seq, limit=limit), reply)

    def after(self, seq: int, limit: int, reply: HistoryReply) -> None:
        """See ``RoomLog``."""
        if seq >= self._recent.seqs.start - 1 or self._all_in_memory:
            reply(self._recent.page_after(seq, limit))
        else:
            self._read(partial(history_pages.after, seq=seq, limit=limit), reply)

    def around(self, seq: int, limit: int, reply: HistoryReply) -> None:
        """See ``RoomLog``."""
        self._read(partial(history_pages.around_seq, seq=seq, limit=limit), reply)

    def at(self, moment: int, limit: int, reply: HistoryReply) -> None:
        """See ``RoomLog``."""
        self._read(partial(history_pages.at_moment, moment=moment, limit=limit), reply)

    def search(self, query: str, before: int | None, limit: int, reply: Callable[[Hits | LogError], None]) -> None:
        """See ``RoomLog``."""
        read = partial(history_pages.search, query=SearchQuery(query), older_than=before, limit=limit)
        self._reader.submit_search(partial(_read_range, read, self._visible_range()), reply)

    def clear(self, reply: Callable[[LogError | None], None]) -> None:
        """See ``RoomLog``. The room gets another number; maintenance deletes the old entries in small steps."""
        self._writer.submit(ClearRoom(self, new_epoch(self._next_number(), self.name), reply))

    # Called when the writer has done something

    def entry_committed(self, entry: Entry) -> None:
        """Announce the next entry, which is on the disk."""
        self._recent.append(entry)
        self._notify_entry(entry)

    def reset(self, room_epoch: RoomEpoch, last_seq: int, first_seq: int = 1) -> None:
        """Switch to another epoch, of which the entries up to ``last_seq`` have not been announced.

        The writer may have written more by now; it announces that afterwards.
        """
        self._start_epoch(room_epoch, first_seq, last_seq)
        self._notify_reset()

    def discard_before(self, number: int, first_seq: int) -> None:
        """Forget entries older than ``first_seq``, which retention has deleted in the epoch of this ``number``."""
        if number == self._room_epoch.number:
            self._first_seq = max(self._first_seq, first_seq)
            self._recent.discard_before(first_seq)

    @property
    def _all_in_memory(self) -> bool:
        """Whether every entry of the room is in memory."""
        return self._recent.seqs.start <= self._first_seq

    def _get_writing_epoch(self) -> RoomEpoch:
        return self.writing_epoch

    def _fill_recent(self, recent: RecentEntries, page: HistoryPage | LogError) -> None:
        if isinstance(page, HistoryPage):
            recent.prepend(page.entries)
            recent.discard_before(self._first_seq)

    def _read[Answer](
        self, read: Callable[[sqlite3.Connection, RoomRange], Answer], reply: Callable[[Answer | LogError], None]
    ) -> None:
        self._reader.submit(partial(_read_range, read, self._visible_range()), reply)

    def _visible_range(self) -> RoomRange:
        """The range of entries that were announced by now."""
        return RoomRange(self._room_epoch.number, self.name, self._first_seq, self.last_seq)


class ClearRoom:
    """Deletes the history of a room, in the writer's thread."""

    def __init__(self, log: DiskLog, room_epoch: RoomEpoch, reply: Callable[[LogError | None], None]) -> None:
        self._log = log
        self._room_epoch = room_epoch
        self._reply = reply

    def execute(self, db: sqlite3.Connection) -> None:
        """Take the name from the old epoch, whose entries maintenance deletes later, and give it to the new one."""
        room = self._room_epoch
        db.execute("UPDATE room SET name = NULL WHERE name = ?", (room.name,))
        db.execute("INSERT INTO room VALUES (?, ?, ?, 1, 0)", (room.number, room.name, room.epoch))
        self._log.writing_epoch = room

    def mark_committed(self) -> None:
        """Record that the new epoch is on the disk."""
        self._log.committed_epoch = self._room_epoch

    def notify_done(self) -> None:
        """Announce the new epoch."""
        self._log.reset(self._room_epoch, last_seq=0)
        self._reply(None)

    def notify_failed(self, error: LogError) -> None:
        """Report that nothing has changed."""
        self._reply(error)


def _read_range[Answer](
    read: Callable[[sqlite3.Connection, RoomRange], Answer], visible: RoomRange, db: sqlite3.Connection
) -> Answer:
    return read(db, visible)


def _ignore_entry(_entry: Entry) -> None:
    """The callback until somebody subscribes."""


def _ignore_reset() -> None:
    """The callback until somebody subscribes."""
