"""One room's log on the disk: its newest entries also in memory, everything older read when somebody asks."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from functools import partial

from chatdesk.log import pages
from chatdesk.log.appending import Append, Incarnation
from chatdesk.log.pages import Extent
from chatdesk.log.query import Query
from chatdesk.log.reader import Reader
from chatdesk.log.room_log import Draft, Entry, Hits, LogError, Page, Refusal
from chatdesk.log.tail import Tail
from chatdesk.log.writer import Writer

_TAIL_ENTRIES = 500
_TAIL_BYTES = 256 * 1024

PageReply = Callable[[Page | LogError], None]


def new_incarnation(number: int, name: str) -> Incarnation:
    """The beginning of a room's history."""
    return Incarnation(number, name, secrets.token_hex(8))


class DurableLog:
    """A room of the file. ``first_seq`` is its oldest entry; ``next_number`` gives it a place for a new history."""

    def __init__(
        self, incarnation: Incarnation, first_seq: int, writer: Writer, reader: Reader, next_number: Callable[[], int]
    ) -> None:
        self.name = incarnation.name
        self.writing = incarnation
        """What the writer's thread writes into."""
        self.settled = incarnation
        """What is on the disk; ``writing`` is ahead of it within the transaction that clears the room."""
        self._writer = writer
        self._reader = reader
        self._next_number = next_number
        self._kept: Callable[[Entry], None] = _nobody
        self._begun: Callable[[], None] = _nobody_either
        self._begin(incarnation, first_seq, incarnation.committed)

    def _begin(self, incarnation: Incarnation, first_seq: int, last_seq: int) -> None:
        """Its newest entries are fetched at once: everybody who joins asks for them."""
        self._incarnation = incarnation
        self._first_seq = first_seq
        self._tail = Tail(_TAIL_ENTRIES, _TAIL_BYTES, last_seq)
        if not self._is_whole:
            self._ask(partial(pages.before, seq=last_seq + 1, limit=_TAIL_ENTRIES), partial(self._fill, self._tail))

    @property
    def epoch(self) -> str:
        """Names this incarnation."""
        return self._incarnation.epoch

    @property
    def last_seq(self) -> int:
        """The newest number that everybody may see."""
        return self._tail.last_seq

    @property
    def seqs(self) -> range:
        """The numbers of what it holds."""
        return range(self._first_seq, self.last_seq + 1)

    def follow(self, kept: Callable[[Entry], None], begun: Callable[[], None]) -> None:
        """Call ``kept`` for every entry from now on, ``begun`` when there is another incarnation."""
        self._kept, self._begun = kept, begun

    def append(self, draft: Draft, refuse: Callable[[Refusal], None]) -> None:
        """Have the draft written."""
        self._writer.put(Append(self._writing, draft, self.keep, refuse))

    def latest(self, limit: int, reply: PageReply) -> None:
        """The newest entries."""
        self.before(self.last_seq + 1, limit, reply)

    def before(self, seq: int, limit: int, reply: PageReply) -> None:
        """The newest entries older than ``seq``."""
        if min(seq, self.last_seq + 1) - limit >= self._tail.seqs.start or self._is_whole:
            reply(self._tail.page_before(seq, limit, self._first_seq))
        else:
            self._ask(partial(pages.before, seq=seq, limit=limit), reply)

    def after(self, seq: int, limit: int, reply: PageReply) -> None:
        """The oldest entries newer than ``seq``."""
        if seq >= self._tail.seqs.start - 1 or self._is_whole:
            reply(self._tail.page_after(seq, limit))
        else:
            self._ask(partial(pages.after, seq=seq, limit=limit), reply)

    def around(self, seq: int, limit: int, reply: PageReply) -> None:
        """As many entries before ``seq`` as from it on."""
        self._ask(partial(pages.around_seq, seq=seq, limit=limit), reply)

    def at(self, moment: int, limit: int, reply: PageReply) -> None:
        """The entries around the first one from this moment on."""
        self._ask(partial(pages.at_moment, moment=moment, limit=limit), reply)

    def search(self, query: str, before: int | None, limit: int, reply: Callable[[Hits | LogError], None]) -> None:
        """The newest entries that hold the words of ``query``."""
        question = partial(pages.search, query=Query(query), older_than=before, limit=limit)
        self._reader.search(partial(_put, question, self._extent()), reply)

    def clear(self, reply: Callable[[LogError | None], None]) -> None:
        """Go on under another number; what was there is swept out in small steps."""
        self._writer.put(Clear(self, new_incarnation(self._next_number(), self.name), reply))

    # What the writer has done

    def keep(self, entry: Entry) -> None:
        """The next entry is on the disk."""
        self._tail.push(entry)
        self._kept(entry)

    def begin_anew(self, incarnation: Incarnation, last_seq: int, first_seq: int = 1) -> None:
        """What was there is gone. Of what there is instead, nobody has been told up to ``last_seq``.

        The writer may have written more by now: of that it tells afterwards.
        """
        self._begin(incarnation, first_seq, last_seq)
        self._begun()

    def trimmed(self, number: int, first_seq: int) -> None:
        """Retention has taken what is older than this."""
        if number == self._incarnation.number:
            self._first_seq = max(self._first_seq, first_seq)
            self._tail.cut(first_seq)

    @property
    def _is_whole(self) -> bool:
        """Whether all there is, is in memory."""
        return self._tail.seqs.start <= self._first_seq

    def _writing(self) -> Incarnation:
        return self.writing

    def _fill(self, tail: Tail, page: Page | LogError) -> None:
        if isinstance(page, Page):
            tail.prepend(page.entries)
            tail.cut(self._first_seq)

    def _ask[Answer](
        self, question: Callable[[sqlite3.Connection, Extent], Answer], reply: Callable[[Answer | LogError], None]
    ) -> None:
        self._reader.ask(partial(_put, question, self._extent()), reply)

    def _extent(self) -> Extent:
        """What everybody may see at this moment."""
        return Extent(self._incarnation.number, self.name, self._first_seq, self.last_seq)


class Clear:
    """The writing side of a clearing."""

    def __init__(self, log: DurableLog, incarnation: Incarnation, reply: Callable[[LogError | None], None]) -> None:
        self._log = log
        self._incarnation = incarnation
        self._reply = reply

    def carry_out(self, db: sqlite3.Connection) -> None:
        """Leave the old history without a name, for the sweeping."""
        room = self._incarnation
        db.execute("UPDATE room SET name = NULL WHERE name = ?", (room.name,))
        db.execute("INSERT INTO room VALUES (?, ?, ?, 1, 0)", (room.number, room.name, room.epoch))
        self._log.writing = room

    def settle(self) -> None:
        """The new one is on the disk."""
        self._log.settled = self._incarnation

    def done(self) -> None:
        """From here on there is only the new one."""
        self._log.begin_anew(self._incarnation, last_seq=0)
        self._reply(None)

    def failed(self, error: LogError) -> None:
        """Everything is as it was."""
        self._reply(error)


def _put[Answer](
    question: Callable[[sqlite3.Connection, Extent], Answer], extent: Extent, db: sqlite3.Connection
) -> Answer:
    return question(db, extent)


def _nobody(_entry: Entry) -> None:
    """Until somebody follows."""


def _nobody_either() -> None:
    """Until somebody follows."""
