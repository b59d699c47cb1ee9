"""The log in memory: bounded, gone with the process. For a chat that must leave nothing behind."""

import secrets
from bisect import bisect_left
from collections.abc import Callable

from chatdesk.log.query import Query, page_of_hits
from chatdesk.log.room_log import Draft, Entry, Hits, Indexing, LogError, Page, Problem, Refusal, Repeated, Reused, Seat
from chatdesk.log.tail import Tail
from chatdesk.log.words import END, START, marked
from chatdesk.protocol import codec, events

MAX_ENTRIES = 10_000
MAX_BYTES = 2 * 1024 * 1024
"""As much as so many usual messages take; there are a hundred rooms, and somebody may fill all of them."""


class MemoryLog:
    """Keeps the newest entries, at most ``max_entries`` of them and ``max_bytes`` of their text.

    Beside it their words, half as much at most: a search holds up the loop, so it must find them ready.
    """

    def __init__(self, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._kept: Callable[[Entry], None] = _nobody
        self._begun: Callable[[], None] = _nobody_either
        self._begin()

    def _begin(self) -> None:
        self.epoch = secrets.token_hex(8)
        self._tail = Tail(self._max_entries, self._max_bytes)
        self._by_id: dict[tuple[str, str], Entry] = {}
        self._id_of: dict[int, tuple[str, str]] = {}
        self._words: dict[int, bytes] = {}
        self._words_bytes = 0

    @property
    def seqs(self) -> range:
        """The numbers of what it still has."""
        return self._tail.seqs

    @property
    def last_seq(self) -> int:
        """The newest number."""
        return self._tail.last_seq

    def follow(self, kept: Callable[[Entry], None], begun: Callable[[], None]) -> None:
        """Call ``kept`` for every entry from now on, ``begun`` after everything was forgotten."""
        self._kept, self._begun = kept, begun

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """Number the draft and keep it; in memory that is at once."""
        key = (draft.identity, draft.id) if draft.id is not None else None
        if key and key in self._by_id:
            refuse(_repeated(draft, self._by_id[key]))
            return
        seq = self.last_seq + 1
        message = events.Message(draft.nickname, draft.content, events.timestamp(), draft.room, seq, draft.id)
        entry = Entry(seq, codec.encode(message))
        if key:
            self._by_id[key] = entry
            self._id_of[seq] = key
        self._words[seq] = _packed(marked(draft.content))
        self._words_bytes += len(self._words[seq])
        for gone in self._tail.push(entry):
            self._forget(gone.seq)
        while self._words_bytes > self._max_bytes // 2:
            self._forget(self.seqs.start)
            self._tail.cut(self.seqs.start + 1)
        self._kept(entry)

    def latest(self, limit: int, reply: Callable[[Page | LogError], None]) -> None:
        """The newest entries."""
        self.before(self.last_seq + 1, limit, reply)

    def before(self, seq: int, limit: int, reply: Callable[[Page | LogError], None]) -> None:
        """The newest entries older than ``seq``."""
        reply(self._tail.page_before(seq, limit, self.seqs.start))

    def after(self, seq: int, limit: int, reply: Callable[[Page | LogError], None]) -> None:
        """The oldest entries newer than ``seq``."""
        reply(self._tail.page_after(seq, limit))

    def around(self, seq: int, limit: int, reply: Callable[[Page | LogError], None]) -> None:
        """As many entries before ``seq`` as from it on."""
        reply(self._tail.page_around(seq, limit, self.seqs.start))

    def at(self, moment: int, limit: int, reply: Callable[[Page | LogError], None]) -> None:
        """The entries around the first one from this moment on."""
        seq = self.seqs.start + bisect_left(self.seqs, moment, key=self._time)
        self.around(min(seq, self.last_seq), limit, reply)

    def search(self, query: str, before: int | None, limit: int, reply: Callable[[Hits | LogError], None]) -> None:
        """The newest entries that hold the words of ``query``."""
        asked = Query(query)
        end = self.last_seq + 1 if before is None else min(before, self.last_seq + 1)
        older = reversed(range(self.seqs.start, end)) if asked else ()
        found = (_message(self._tail.get(seq)) for seq in older if asked.matches(_unpacked(self._words[seq])))
        reply(page_of_hits(asked, found, limit))

    def clear(self, reply: Callable[[LogError | None], None]) -> None:
        """Forget everything."""
        self._begin()
        self._begun()
        reply(None)

    def _forget(self, seq: int) -> None:
        self._words_bytes -= len(self._words.pop(seq))
        if key := self._id_of.pop(seq, None):
            del self._by_id[key]

    def _time(self, seq: int) -> int:
        return events.milliseconds(_message(self._tail.get(seq)).timestamp) or 0


class MemoryArchive:
    """Keeps nothing beyond the life of the process."""

    problem: Problem | None = None
    notices: tuple[str, ...] = ()
    indexing: Indexing | None = None

    def __init__(self) -> None:
        self.server_id = secrets.token_hex(8)
        self.secret = secrets.token_bytes(32)

    def follow(self, changed: Callable[[Problem | None], None]) -> None:
        """Memory never has a problem."""

    def follow_indexing(self, changed: Callable[[], None]) -> None:
        """Memory has its words ready."""

    def room(self, name: str) -> MemoryLog:
        """The log of a room; it is forgotten with the room."""
        return MemoryLog()

    def release(self, name: str) -> None:
        """The room has had the only reference to its log."""

    def seats(self) -> list[Seat]:
        """Nobody was here before."""
        return []

    def take_seat(self, seat: Seat) -> None:
        """Nobody will ask."""

    def leave_seat(self, key: str) -> None:
        """Nobody will ask."""


def _message(entry: Entry) -> events.Message:
    return codec.decode_message(entry.payload)


def _packed(said: str) -> bytes:
    """A marked text in little space: what stands between nearly all words is a single sign."""
    return said.replace(f"{END} {START}", "\4").replace(f"{END}{START}", "\5").encode()


def _unpacked(said: bytes) -> str:
    return said.decode().replace("\5", f"{END}{START}").replace("\4", f"{END} {START}")


def _repeated(draft: Draft, entry: Entry) -> Refusal:
    return Repeated(entry) if _message(entry).content == draft.content else Reused()


def _nobody(_entry: Entry) -> None:
    """Until somebody follows."""


def _nobody_either() -> None:
    """Until somebody follows."""
