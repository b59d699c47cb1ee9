"""Catching up from a room's log: pages of history, and how a client resumes after a reconnect (`History.since`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from chatdesk.log.room_log import HistoryPage, LogError, RoomLog
from chatdesk.protocol import codec
from chatdesk.protocol.limits import HISTORY_LATEST, HISTORY_PAGE
from chatdesk.server.stream_position import StreamPosition


class CatchUp(NamedTuple):
    """A page for a reader at some position, and ``end``, the position after it has received the page.

    ``reset``: the messages after the reader's position cannot be had, so this is the latest page instead.
    """

    page: HistoryPage
    reset: bool
    end: StreamPosition

    @property
    def continues(self) -> bool:
        """Whether newer messages follow the page by themselves; if not, the reader asks for them."""
        return self.reset or not self.page.more


class History:
    """Reads one room's log on behalf of its members."""

    def __init__(self, room: str, log: RoomLog) -> None:
        self._room = room
        self._log = log

    @property
    def latest_position(self) -> StreamPosition:
        """The end of the log now."""
        return StreamPosition(self._log.epoch, self._log.last_seq)

    def query[Answer](self, query: Callable[[Callable[[Answer], None]], None], reply: Callable[[Answer], None]) -> None:
        """Run ``query`` against the log and call ``reply`` with the answer.

        If the epoch changes before the answer comes, the query is run again: an answer never mixes two epochs.
        """
        epoch = self._log.epoch

        def answered(answer: Answer) -> None:
            if self._log.epoch == epoch:
                reply(answer)
            else:
                self.query(query, reply)

        query(answered)

    def since(self, position: StreamPosition | None, reply: Callable[[CatchUp | LogError], None]) -> None:
        """Call ``reply`` with the messages after ``position``, or with the latest page where these cannot be had."""
        if position and position.epoch == self._log.epoch:
            self.query(partial(self._log.after, position.seq, HISTORY_PAGE), partial(self._following, position, reply))
        else:
            self.query(partial(self._log.latest, HISTORY_LATEST), partial(self._latest, reply))

    def event(self, page: HistoryPage, ref: str | None = None) -> bytes:
        """Encode a page as a ``history`` event; ``ref`` is the query's."""
        return self._event(page, self._log.seqs, ref)

    def catch_up_event(self, catch_up: CatchUp, ref: str | None = None) -> bytes:
        """Encode what a reader has missed. Messages newer than the page are left out of its range: they will follow."""
        if not catch_up.continues:
            return self.event(catch_up.page, ref)
        end = catch_up.end.seq + 1
        return self._event(catch_up.page, range(min(self._log.seqs.start, end), end), ref)

    def _event(self, page: HistoryPage, seqs: range, ref: str | None = None) -> bytes:
        payloads = (entry.payload for entry in page.entries)
        return codec.encode_history(self._room, self._log.epoch, payloads, page.more, seqs, ref)

    def _following(
        self, position: StreamPosition, reply: Callable[[CatchUp | LogError], None], page: HistoryPage | LogError
    ) -> None:
        if isinstance(page, LogError):
            return reply(page)
        first = page.entries[0].seq if page.entries else self._log.seqs.start
        if position.epoch != self._log.epoch or first > position.seq + 1:
            return self.since(None, reply)
        end = page.entries[-1].seq if page.entries else min(position.seq, self._log.last_seq)
        return reply(CatchUp(page, reset=False, end=StreamPosition(position.epoch, end)))

    def _latest(self, reply: Callable[[CatchUp | LogError], None], page: HistoryPage | LogError) -> None:
        if isinstance(page, LogError):
            return reply(page)
        end = page.entries[-1].seq if page.entries else self._log.seqs.start - 1
        return reply(CatchUp(page, reset=True, end=StreamPosition(self._log.epoch, end)))
