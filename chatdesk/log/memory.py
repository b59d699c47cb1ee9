"""A room log in memory: bounded, gone with the process."""

import secrets
from collections import deque
from collections.abc import Callable, Iterable
from itertools import accumulate, islice, takewhile

from chatdesk.log.room_log import Draft, Entry, Page
from chatdesk.protocol import codec, events
from chatdesk.protocol.limits import HISTORY_BYTES

MAX_ENTRIES = 10_000
MAX_BYTES = 2 * 1024 * 1024
"""As much as so many usual messages take; there are a hundred rooms, and somebody may fill all of them."""


class MemoryLog:
    """Keeps the newest entries, at most ``max_entries`` of them and ``max_bytes`` of their text."""

    def __init__(self, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        self.epoch = secrets.token_hex(8)
        self.last_seq = 0
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: deque[tuple[Entry, tuple[str, str] | None]] = deque()
        self._by_id: dict[tuple[str, str], Entry] = {}

    def append(self, draft: Draft, committed: Callable[[Entry], None]) -> None:
        """Number the draft and keep it; in memory that is at once."""
        self.last_seq += 1
        message = events.Message(draft.nickname, draft.content, events.timestamp(), draft.room, self.last_seq, draft.id)
        entry = Entry(self.last_seq, codec.encode(message))
        key = (draft.identity, draft.id) if draft.id is not None else None
        self._entries.append((entry, key))
        self._bytes += len(entry.payload)
        if key:
            self._by_id[key] = entry
        self._trim()
        committed(entry)

    def find(self, identity: str, message_id: str) -> Entry | None:
        """The entry of this sender's ``id``, while the log still holds it."""
        return self._by_id.get((identity, message_id))

    def latest(self, limit: int) -> Page:
        """The newest entries."""
        return self.before(self.last_seq + 1, limit)

    def before(self, seq: int, limit: int) -> Page:
        """The newest entries older than ``seq``."""
        end = max(0, min(seq - self._first_seq, len(self._entries)))
        entries = self._slice(max(0, end - limit), end)
        page = entries[len(entries) - _fitting(reversed(entries)) :]
        return Page(page, end > len(page))

    def after(self, seq: int, limit: int) -> Page:
        """The oldest entries newer than ``seq``."""
        start = max(0, min(seq + 1 - self._first_seq, len(self._entries)))
        entries = self._slice(start, min(start + limit, len(self._entries)))
        page = entries[: _fitting(entries)]
        return Page(page, start + len(page) < len(self._entries))

    @property
    def _first_seq(self) -> int:
        return self.last_seq - len(self._entries) + 1

    def _slice(self, start: int, end: int) -> list[Entry]:
        """A deque is slow in the middle, so walk from the nearer end: nearly all reads are of the newest."""
        size = len(self._entries)
        if start > size // 2:
            newest_first = islice(reversed(self._entries), size - end, size - start)
            return [entry for entry, _ in newest_first][::-1]
        return [entry for entry, _ in islice(self._entries, start, end)]

    def _trim(self) -> None:
        while len(self._entries) > self._max_entries or self._bytes > self._max_bytes:
            entry, key = self._entries.popleft()
            self._bytes -= len(entry.payload)
            if key:
                del self._by_id[key]


def _fitting(entries: Iterable[Entry]) -> int:
    """How many of the entries a page holds, from the first of them on."""
    sizes = accumulate(len(entry.payload) for entry in entries)
    return sum(1 for _ in takewhile(lambda size: size <= HISTORY_BYTES, sizes))
