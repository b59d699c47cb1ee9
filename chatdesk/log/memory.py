"""A log in memory, bounded and gone with the process: for a chat that must leave nothing behind."""

import secrets
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from chatdesk.log.acts import Act, Reactors
from chatdesk.log.amend import amended
from chatdesk.log.authors import AuthorIds
from chatdesk.log.bots import is_bot
from chatdesk.log.hook_file import Hook
from chatdesk.log.memory_reactions import MemoryReactions
from chatdesk.log.memory_readings import MemoryReadings
from chatdesk.log.mentions import mentions_person
from chatdesk.log.nameless import is_nameless
from chatdesk.log.order import MemoryOrder
from chatdesk.log.pages import first_page, newest_page
from chatdesk.log.passes import Passes
from chatdesk.log.recent_records import RecentRecords
from chatdesk.log.reservation import Reservation
from chatdesk.log.room_log import (
    ActRefusal,
    ChangesPage,
    Draft,
    Duplicate,
    FoundRooms,
    HistoryPage,
    Hits,
    IdReused,
    IndexProgress,
    LogError,
    Record,
    Refusal,
    StorageProblem,
    Unsubscribe,
)
from chatdesk.log.room_search import newest_first
from chatdesk.log.rooms import MOST_UNREAD, Reading, RoomExtent, RoomSettings, StoredSubscription, Unread
from chatdesk.log.schema import content_digest
from chatdesk.log.search_query import SearchQuery, collect_hits
from chatdesk.log.signed_in import is_signed_in
from chatdesk.log.stored_held import NoHeld
from chatdesk.log.stored_invitations import NoInvitations
from chatdesk.log.subscribers import ChangedElsewhere, Subscribers
from chatdesk.log.timings import LogTimings
from chatdesk.log.tokenizer import mark_words, pack_marks, unpack_marks
from chatdesk.log.visible_log import VisibleLog

MAX_RECORDS = 10_000
"""Messages in a room, at most: a busy day."""
MAX_BYTES = 4_500_000
"""What so many usual messages take. Somebody may fill all rooms that are kept: with their words, 560 MB."""
MAX_IDLE_LOGS = 100
"""Rooms that nobody is in, at most, whose messages are kept. Of more, those left first are forgotten."""
_SEARCH_SECONDS = 0.1
"""How long a search of many rooms may hold the loop: one has no more time on a disk, where it has a thread."""


class MemoryLog:
    """Keeps the newest records: at most ``max_records``, and ``max_bytes`` in pages.

    It also keeps their words ready, because a search runs on the loop, and who has reacted: both together in at most a
    quarter of ``max_bytes``. Nothing suspends, and what is written is announced before the call returns. ``author``
    turns an identity into its public id.
    """

    def __init__(
        self, author: Callable[[str], str], max_records: int = MAX_RECORDS, max_bytes: int = MAX_BYTES
    ) -> None:
        self._author = author
        self._max_records = max_records
        self._max_bytes = max_bytes
        self._changed = Subscribers[Record]()
        self._was_reset = Subscribers[bool]()
        self._start_epoch()

    def _start_epoch(self) -> None:
        self.epoch = secrets.token_hex(8)
        self._first_change = 1
        self._recent = RecentRecords(self._max_records, self._max_bytes)
        self._by_id: dict[tuple[str, str], int] = {}
        self._id_of: dict[int, tuple[str, str]] = {}
        self._first_digests: dict[int, bytes] = {}
        """Of what was edited, as it was said."""
        self._words: dict[int, bytes] = {}
        self._words_bytes = 0
        self._reactions = MemoryReactions(self._author)

    @property
    def seqs(self) -> range:
        """The numbers of the messages that it holds."""
        return self._recent.seqs

    @property
    def last_seq(self) -> int:
        """The newest number."""
        return self._recent.last_seq

    @property
    def changes(self) -> range:
        """The changes that it can tell of."""
        return range(self._first_change, self.last_change + 1)

    @property
    def last_change(self) -> int:
        """The newest change."""
        return self._recent.last_change

    def subscribe(self, on_change: Callable[[Record], None], on_reset: Callable[[bool], None]) -> Unsubscribe:
        """See ``RoomLog``."""
        end_changes, end_resets = self._changed.add(on_change), self._was_reset.add(on_reset)

        def unsubscribe() -> None:
            end_changes()
            end_resets()

        return unsubscribe

    @property
    def latest_at(self) -> int:
        """When the newest message was said, in milliseconds since 1970; 0 if there is none."""
        return self._recent.get(self.last_seq).at if self.last_seq in self.seqs else 0

    def gather_until(self, moment: float) -> None:
        """There are no commits."""

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """See ``RoomLog``."""
        key = (draft.identity, draft.id) if draft.id is not None else None
        if key and key in self._by_id:
            refuse(self._refusal_for(draft, self._by_id[key]))
            return
        seq, change = self.last_seq + 1, self.last_change + 1
        of, now = draft.identity, time.time_ns() // 1_000_000
        author = self._author(of)
        record = Record(seq, change, change, author, draft.nickname, draft.content, now, draft.id, None, draft.reply_to)
        record = record._replace(bot=is_bot(of), nameless=is_nameless(of), verified=is_signed_in(of))
        record = record._replace(mentions=draft.mentions, action=draft.action)
        if key:
            self._by_id[key] = seq
            self._id_of[seq] = key
        self._store(record, self._recent.append)

    def find(self, draft: Draft, reply: Callable[[Refusal | None], None]) -> None:
        """See ``RoomLog``."""
        seq = self._by_id.get((draft.identity, draft.id)) if draft.id is not None else None
        reply(None if seq is None else self._refusal_for(draft, seq))

    def amend(self, act: Act, reply: Callable[[Record | ActRefusal], None]) -> None:
        """See ``RoomLog``."""
        held = self._recent.get(act.seq) if act.seq in self.seqs else None
        outcome = amended(held, act, self._reactions.of_message(act.seq), time.time_ns() // 1_000_000)
        if held and isinstance(outcome, Record):
            outcome = outcome._replace(change=self.last_change + 1)
            if outcome.content != held.content:
                self._first_digests.setdefault(held.seq, content_digest(held.content))
            pinned = self._reactions.pinned
            (pinned.add if outcome.pinned else pinned.discard)(held.seq)
            self._words_bytes -= len(self._words.pop(held.seq))
            self._store(outcome, self._recent.update)
        reply(outcome)

    async def latest(self, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return self._recent.page_before(self.last_seq + 1, limit, self.seqs.start)

    async def before(self, seq: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return self._recent.page_before(seq, limit, self.seqs.start)

    async def after(self, seq: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return self._recent.page_after(seq, limit)

    async def around(self, seq: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return self._recent.page_around(seq, limit, self.seqs.start)

    async def at(self, moment: int, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        return self._recent.page_around(min(self._seq_at(moment), self.last_seq), limit, self.seqs.start)

    async def since(self, change: int, limit: int) -> ChangesPage | None:
        """See ``RoomLog``."""
        return self._recent.since(change, limit) if change + 1 >= self._first_change else None

    async def records(self, seqs: Sequence[int]) -> HistoryPage:
        """See ``RoomLog``."""
        return first_page([self._recent.get(seq) for seq in seqs if seq in self.seqs])

    async def pins(self, before: int | None, limit: int) -> HistoryPage:
        """See ``RoomLog``."""
        older = sorted((seq for seq in self._reactions.pinned if before is None or seq < before), reverse=True)
        return newest_page([self._recent.get(seq) for seq in older[: limit + 1]], limit)

    async def reactors(self, seq: int, emoji: str, skip: int, limit: int) -> Reactors:
        """See ``RoomLog``."""
        people = self._reactions.reactors(seq, emoji, skip, limit + 1)
        return Reactors(people[:limit], len(people) > limit)

    async def own_reactions(self, identity: str, seqs: range) -> dict[int, list[str]]:
        """See ``RoomLog``."""
        found = ((seq, self._reactions.own(seq, identity)) for seq in seqs)
        return {seq: emoji for seq, emoji in found if emoji}

    async def search(self, query: str, before: int | None, limit: int) -> Hits:
        """See ``RoomLog``."""
        parsed = SearchQuery(query)
        since, until = parsed.operators.since, parsed.operators.until
        first = self.seqs.start if since is None else self._seq_at(since)
        end = self.last_seq + 1 if until is None else self._seq_at(until)
        older = reversed(range(first, end if before is None else min(before, end))) if parsed else ()
        found = (self._recent.get(seq) for seq in older if parsed.matches(unpack_marks(self._words[seq])))
        return collect_hits(parsed, found, limit)

    def _seq_at(self, moment: int) -> int:
        """Return the number of the first record from a moment on."""
        return self.seqs.start + bisect_left(self.seqs, moment, key=lambda seq: self._recent.get(seq).at)

    async def clear(self) -> None:
        """See ``RoomLog``."""
        self._start_epoch()
        self._was_reset.notify(True)

    def unread(self, identity: str, seqs: range) -> Unread:
        """Return what others have said in this part of the room."""
        author, held = self._author(identity), range(max(seqs.start, self.seqs.start), min(seqs.stop, self.seqs.stop))
        records = map(self._recent.get, held)
        others = (record for record in records if record.author != author and record.removed is None)
        unread = list(islice(others, MOST_UNREAD))
        return Unread(len(unread), sum(mentions_person(record.mentions, author) for record in unread))

    def _store(self, record: Record, put: Callable[[Record], list[Record]]) -> None:
        """Store a new record or the present state of one; make room for it, and announce it."""
        self._words[record.seq] = pack_marks(mark_words(record.content))
        self._words_bytes += len(self._words[record.seq])
        for gone in put(record):
            self._drop(gone)
        while self._words_bytes + self._reactions.bytes > self._max_bytes // 4:
            self._drop(self._recent.get(self.seqs.start))
            self._recent.discard_before(self.seqs.start + 1)
        self._changed.notify(record)

    def _drop(self, record: Record) -> None:
        self._first_change = record.first_change + 1
        self._words_bytes -= len(self._words.pop(record.seq))
        self._first_digests.pop(record.seq, None)
        self._reactions.remove(record.seq)
        if key := self._id_of.pop(record.seq, None):
            del self._by_id[key]

    def _refusal_for(self, draft: Draft, seq: int) -> Refusal:
        record = self._recent.get(seq)
        first_digest = self._first_digests.get(seq) or content_digest(record.content)
        return Duplicate(record) if first_digest == content_digest(draft.content) else IdReused()


class MemoryStore(ChangedElsewhere):
    """A log store that keeps nothing beyond the life of the process; see ``LogStore``."""

    problem: StorageProblem | None = None
    notices: tuple[str, ...] = ()
    timings: LogTimings | None = None
    indexing: IndexProgress | None = None

    def __init__(self, new_log: Callable[[Callable[[str], str]], MemoryLog] = MemoryLog) -> None:
        self.server_id = secrets.token_hex(8)
        self.secret = secrets.token_bytes(32)
        self.author = AuthorIds(self.secret)
        self.passes, self.invitations, self.held = Passes(), NoInvitations(), NoHeld()
        self.order = MemoryOrder()
        self._new_log = new_log
        self._logs: dict[str, MemoryLog] = {}
        self._idle: dict[str, MemoryLog] = {}
        """Of rooms that nobody is in, the one left first at the beginning."""
        self._readings = MemoryReadings()

    def subscribe(self, on_problem: Callable[[StorageProblem | None], None]) -> Unsubscribe:
        """Memory never has a storage problem."""
        return lambda: None

    def subscribe_indexing(self, on_progress: Callable[[], None]) -> Unsubscribe:
        """Memory always has its words ready."""
        return lambda: None

    def room(self, name: str) -> MemoryLog:
        """See ``LogStore``."""
        log = self._logs.get(name)
        if log is None:
            log = self._idle.pop(name) if name in self._idle else self._new_log(self.author)
            self._logs[name] = log
        return log

    def release(self, name: str) -> None:
        """Keep what was said there, as long as few other rooms are left after it."""
        log = self._logs.pop(name)
        if log.last_seq:
            self._idle[name] = log
        while len(self._idle) > MAX_IDLE_LOGS:
            del self._idle[next(iter(self._idle))]

    def room_settings(self) -> dict[str, RoomSettings]:
        """Nothing is left of an earlier process."""
        return {}

    def extent(self, room: str) -> RoomExtent:
        """See ``LogStore``."""
        log = self._logs.get(room) or self._idle.get(room)
        return RoomExtent(log.epoch, log.last_seq, log.seqs.start) if log else RoomExtent()

    def store_settings(self, room: str, settings: RoomSettings, reply: Callable[[LogError | None], None]) -> None:
        """The server holds them, and nothing outlives the process."""
        reply(None)

    def deleted_rooms(self) -> set[str]:
        """Nothing is left of an earlier process."""
        return set()

    def delete_room(self, room: str, reply: Callable[[LogError | None], None]) -> None:
        """See ``LogStore``."""
        self._logs.pop(room, None)
        self._idle.pop(room, None)
        self.delete_settings(room)
        reply(None)

    def forget_deleted(self, room: str) -> None:
        """Nothing outlives the process."""

    def delete_settings(self, room: str) -> None:
        """Nothing outlives the process."""
        self._readings.forget_room(room)

    def subscriptions(self) -> list[StoredSubscription]:
        """Nothing is left of an earlier process."""
        return []

    def store_subscription(self, stored: StoredSubscription) -> None:
        """The server holds them, and nothing outlives the process."""

    def forget_person(self, identity: str, rooms: Iterable[str], *, choice: bool) -> None:
        """See ``LogStore``."""
        self._readings.forget(identity, rooms)

    async def search(self, query: str, floors: Mapping[str, int], limit: int) -> FoundRooms:
        """See ``LogStore``."""
        until = time.monotonic() + _SEARCH_SECONDS
        logs = {name: log for name, log in (self._idle | self._logs).items() if name in floors}
        found: dict[str, Hits] = {}
        for name, log in sorted(logs.items(), key=lambda room: room[1].latest_at, reverse=True):
            if time.monotonic() > until:
                return FoundRooms(newest_first(found), more=True)
            if (hits := await VisibleLog(log, floors[name]).search(query, None, limit)).hits:
                found[name] = hits
        return FoundRooms(newest_first(found))

    def restart_subscriptions(self, room: str, last_seq: int) -> None:
        """The server holds them, and nothing outlives the process."""
        self._readings.forget_room(room)

    def store_reading(self, reading: Reading) -> None:
        """See ``LogStore``."""
        self._readings.store(reading)

    async def read_minutes(self, room: str, seq: int, identities: Sequence[str]) -> dict[str, int]:
        """See ``LogStore``."""
        return self._readings.minutes(room, seq, identities)

    def receipts_off(self) -> set[str]:
        """Nothing is left of an earlier process."""
        return set()

    def store_receipts_off(self, identity: str, *, off: bool) -> None:
        """The server holds it, and nothing outlives the process."""

    async def unread(self, identity: str, seqs: Mapping[str, range]) -> dict[str, Unread]:
        """See ``LogStore``."""
        logs = self._logs | self._idle
        return {room: logs[room].unread(identity, part) for room, part in seqs.items() if room in logs}

    def reservations(self) -> list[Reservation]:
        """Nothing is left of an earlier process."""
        return []

    def store_reservation(self, reservation: Reservation) -> None:
        """Nothing outlives the process."""

    def delete_reservation(self, key: str) -> None:
        """Nothing outlives the process."""

    def hook(self, secret: str) -> Hook | None:
        """Hooks stand beside a history, and there is none."""
