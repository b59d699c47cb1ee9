"""Catching up from a room's log: pages of history, and how a client resumes after a reconnect (`History.since`)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from itertools import takewhile
from typing import Any, NamedTuple

from chatdesk.log.room_log import HistoryPage, LogError, Record, RoomLog
from chatdesk.log.visible_log import VisibleLog
from chatdesk.protocol import codec
from chatdesk.protocol.limits import HISTORY_LATEST, HISTORY_PAGE
from chatdesk.server.encoding import RecordEncoder
from chatdesk.server.frames import text_frame
from chatdesk.server.log_tasks import LogTasks
from chatdesk.server.private_pair import PrivatePair
from chatdesk.server.stream_position import StreamPosition


class CatchUp(NamedTuple):
    """What a reader at some position gets, and ``end``, its position after that. What comes later follows by itself.

    ``reset``: what the reader has missed cannot be had, so this is the latest page instead; ``more``: it has older
    messages. ``last_seq`` is the newest message at ``end``, and ``floor`` the last one that the reader may not see.
    """

    records: list[Record]
    end: StreamPosition
    last_seq: int
    reset: bool = False
    more: bool = False
    floor: int = 0


class History:
    """Reads one room's log on behalf of its members."""

    def __init__(self, room: str, log: RoomLog, pair: PrivatePair | None = None) -> None:
        self.encoder = RecordEncoder(room, log, pair)
        self._room = room
        self._log = log
        self._tasks = LogTasks()

    @property
    def latest_position(self) -> StreamPosition:
        """The end of the log now."""
        return StreamPosition(self._log.epoch, self._log.last_change)

    def query[Answer](
        self, query: Callable[[], Coroutine[Any, Any, Answer]], reply: Callable[[Answer | LogError], None]
    ) -> None:
        """Call ``reply`` with the answer to ``query``, which never mixes two epochs of the log."""
        self.run(partial(self._in_one_epoch, query), reply)

    def run[Answer](
        self, ask: Callable[[], Coroutine[Any, Any, Answer]], reply: Callable[[Answer | LogError], None]
    ) -> None:
        """Call ``reply`` with the log's answer: at once unless it has to wait for the disk."""
        self._tasks.run(ask, reply)

    def visible(self, floor: int) -> VisibleLog:
        """The log for somebody who does not see the messages up to ``floor``."""
        return VisibleLog(self._log, floor)

    def since(
        self,
        position: StreamPosition | None,
        reply: Callable[[CatchUp | LogError], None],
        floor: int = 0,
        *,
        markup: bool = False,
    ) -> None:
        """Call ``reply`` with what has changed after ``position``, or with the latest page where that cannot be had.

        The messages up to ``floor`` are not in it. With ``markup`` their bodies are ready.
        """
        query = partial(self._since, position, floor)
        self.query(self.with_bodies(query) if markup else query, reply)

    def with_bodies[Page: (HistoryPage, CatchUp)](
        self, query: Callable[[], Coroutine[Any, Any, Page]]
    ) -> Callable[[], Coroutine[Any, Any, Page]]:
        """Return a query that also makes the bodies of the records that it finds."""

        async def prepared() -> Page:
            page = await query()
            await self.encoder.prepare_bodies(page.records)
            return page

        return prepared

    def event(self, page: HistoryPage, ref: str | None = None, floor: int = 0, *, markup: bool = False) -> bytes:
        """Encode a page as a ``history`` event; ``ref`` is the query's, ``floor`` the last message not to be seen."""
        return self._event(page.records, page.more, self.visible(floor).seqs, ref, markup=markup)

    def catch_up_frames(self, catch_up: CatchUp, *, markup: bool = False) -> bytes:
        """Return what brings a member that follows the room to the end of this page."""
        if catch_up.reset:
            return b"".join(map(text_frame, self.entry_events(catch_up, markup=markup)))
        return b"".join([text_frame(self.encoder.change(record, markup=markup)) for record in catch_up.records])

    def entry_events(self, catch_up: CatchUp, ref: str | None = None, *, markup: bool = False) -> list[bytes]:
        """Return the ``history`` event of a session that enters the room, and the updates that follow it.

        The event holds the messages up to the first update, so that its position is reached with it.
        """
        new = list(takewhile(lambda record: catch_up.reset or not record.is_update, catch_up.records))
        rest = catch_up.records[len(new) :]
        last_seq = catch_up.last_seq - sum(not record.is_update for record in rest)
        position = rest[0].change - 1 if rest else catch_up.end.change
        # Messages that are newer are left out of its range: they will follow.
        seqs = range(min(self.visible(catch_up.floor).seqs.start, last_seq + 1), last_seq + 1)
        history = self._event(new, catch_up.more, seqs, ref, position, markup=markup)
        return [history, *(self.encoder.change(record, markup=markup) for record in rest)]

    def _event(
        self,
        records: list[Record],
        more: bool,
        seqs: range,
        ref: str | None = None,
        position: int = 0,
        *,
        markup: bool = False,
    ) -> bytes:
        messages = (self.encoder.message(record, markup=markup) for record in records)
        return codec.encode_history(self._room, self._log.epoch, messages, more, seqs, ref, position)

    async def _in_one_epoch[Answer](self, query: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """Run ``query``, again if the epoch changes before the answer comes."""
        while True:
            epoch = self._log.epoch
            answer = await query()
            if self._log.epoch == epoch:
                return answer

    async def _since(self, position: StreamPosition | None, floor: int) -> CatchUp:
        log = self.visible(floor)
        if position and position.epoch == log.epoch:
            changes = await log.since(position.change, HISTORY_PAGE)
            if changes and position.epoch == log.epoch:
                end = StreamPosition(position.epoch, changes.end)
                return CatchUp(changes.records, end, changes.last_seq, floor=floor)
        end, last_seq = self.latest_position, self._log.last_seq
        page = await log.latest(HISTORY_LATEST)
        return CatchUp(page.records, end, last_seq, reset=True, more=page.more, floor=floor)
