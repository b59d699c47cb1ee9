"""A log in memory, bounded and gone with the process: for a chat that must leave nothing behind."""

import secrets
from bisect import bisect_left
from collections.abc import Callable

from chatdesk.log.authors import AuthorIds
from chatdesk.log.recent_entries import RecentEntries
from chatdesk.log.room_log import (
    Draft,
    Duplicate,
    Entry,
    HistoryPage,
    Hits,
    IdReused,
    IndexProgress,
    LogError,
    Refusal,
    Reservation,
    StorageProblem,
)
from chatdesk.log.search_query import SearchQuery, collect_hits
from chatdesk.log.tokenizer import END, START, mark_words
from chatdesk.protocol import codec, events

MAX_ENTRIES = 10_000
"""Messages in a room, at most: a busy day."""
MAX_BYTES = 2 * 1024 * 1024
"""What so many usual messages take. Somebody may fill all hundred rooms: with their words, 300 MB."""


class MemoryLog:
    """Keeps the newest entries: at most ``max_entries``, and ``max_bytes`` of payload.

    It also keeps their words ready, in at most half of ``max_bytes``, because a search runs on the loop. All methods
    reply before they return.
    """

    def __init__(self, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._notify_entry: Callable[[Entry], None] = _ignore_entry
        self._notify_reset: Callable[[], None] = _ignore_reset
        self._start_epoch()

    def _start_epoch(self) -> None:
        self.epoch = secrets.token_hex(8)
        self._recent = RecentEntries(self._max_entries, self._max_bytes)
        self._by_id: dict[tuple[str, str], Entry] = {}
        self._id_of: dict[int, tuple[str, str]] = {}
        self._words: dict[int, bytes] = {}
        self._words_bytes = 0

    @property
    def seqs(self) -> range:
        """The numbers of the entries that it holds."""
        return self._recent.seqs

    @property
    def last_seq(self) -> int:
        """The newest number."""
        return self._recent.last_seq

    def subscribe(self, on_entry: Callable[[Entry], None], on_reset: Callable[[], None]) -> None:
        """See ``RoomLog``."""
        self._notify_entry, self._notify_reset = on_entry, on_reset

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """See ``RoomLog``; in memory the entry is announced before this returns."""
        key = (draft.identity, draft.id) if draft.id is not None else None
        if key and key in self._by_id:
            refuse(_refusal_for(draft, self._by_id[key]))
            return
        seq = self.last_seq + 1
        message = events.Message(draft.nickname, draft.content, events.timestamp(), draft.room, seq, draft.id)
        entry = Entry(seq, codec.encode(message))
        if key:
            self._by_id[key] = entry
            self._id_of[seq] = key
        self._words[seq] = _pack(mark_words(draft.content))
        self._words_bytes += len(self._words[seq])
        for gone in self._recent.append(entry):
            self._drop(gone.seq)
        while self._words_bytes > self._max_bytes // 2:
            self._drop(self.seqs.start)
            self._recent.discard_before(self.seqs.start + 1)
        self._notify_entry(entry)

    def latest(self, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """See ``RoomLog``."""
        self.before(self.last_seq + 1, limit, reply)

    def before(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """See ``RoomLog``."""
        reply(self._recent.page_before(seq, limit, self.seqs.start))

    def after(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """See ``RoomLog``."""
        reply(self._recent.page_after(seq, limit))

    def around(self, seq: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """See ``RoomLog``."""
        reply(self._recent.page_around(seq, limit, self.seqs.start))

    def at(self, moment: int, limit: int, reply: Callable[[HistoryPage | LogError], None]) -> None:
        """See ``RoomLog``."""
        seq = self.seqs.start + bisect_left(self.seqs, moment, key=self._time)
        self.around(min(seq, self.last_seq), limit, reply)

    def search(self, query: str, before: int | None, limit: int, reply: Callable[[Hits | LogError], None]) -> None:
        """See ``RoomLog``."""
        parsed = SearchQuery(query)
        end = self.last_seq + 1 if before is None else min(before, self.last_seq + 1)
        older = reversed(range(self.seqs.start, end)) if parsed else ()
        found = (_message(self._recent.get(seq)) for seq in older if parsed.matches(_unpack(self._words[seq])))
        reply(collect_hits(parsed, found, limit))

    def clear(self, reply: Callable[[LogError | None], None]) -> None:
        """See ``RoomLog``."""
        self._start_epoch()
        self._notify_reset()
        reply(None)

    def _drop(self, seq: int) -> None:
        self._words_bytes -= len(self._words.pop(seq))
        if key := self._id_of.pop(seq, None):
            del self._by_id[key]

    def _time(self, seq: int) -> int:
        return events.milliseconds(_message(self._recent.get(seq)).timestamp) or 0


class MemoryStore:
    """A log store that keeps nothing beyond the life of the process; see ``LogStore``."""

    problem: StorageProblem | None = None
    notices: tuple[str, ...] = ()
    indexing: IndexProgress | None = None

    def __init__(self) -> None:
        self.server_id = secrets.token_hex(8)
        self.secret = secrets.token_bytes(32)
        self.author = AuthorIds(self.secret)

    def subscribe(self, on_problem: Callable[[StorageProblem | None], None]) -> None:
        """Memory never has a storage problem."""

    def subscribe_indexing(self, on_progress: Callable[[], None]) -> None:
        """Memory always has its words ready."""

    def room(self, name: str) -> MemoryLog:
        """Return a new log, which lives as long as its room."""
        return MemoryLog()

    def release(self, name: str) -> None:
        """The room held the only reference to its log."""

    def reservations(self) -> list[Reservation]:
        """Nothing is left of an earlier process."""
        return []

    def store_reservation(self, reservation: Reservation) -> None:
        """Nothing outlives the process."""

    def delete_reservation(self, key: str) -> None:
        """Nothing outlives the process."""


def _message(entry: Entry) -> events.Message:
    return codec.decode_message(entry.payload)


def _pack(marked: str) -> bytes:
    """Return a marked text in less space: the marks between neighbouring words become one character."""
    return marked.replace(f"{END} {START}", "\4").replace(f"{END}{START}", "\5").encode()


def _unpack(marked: bytes) -> str:
    return marked.decode().replace("\5", f"{END}{START}").replace("\4", f"{END} {START}")


def _refusal_for(draft: Draft, entry: Entry) -> Refusal:
    return Duplicate(entry) if _message(entry).content == draft.content else IdReused()


def _ignore_entry(_entry: Entry) -> None:
    """The callback until somebody subscribes."""


def _ignore_reset() -> None:
    """The callback until somebody subscribes."""
