"""What readers get of a room's log: pages of history, and what they have missed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from chatdesk.log.room_log import HistoryPage, LogError, RoomLog
from chatdesk.protocol import codec
from chatdesk.protocol.limits import HISTORY_LATEST, HISTORY_PAGE
from chatdesk.server.session import StreamPosition


class Missed(NamedTuple):
    """A page for a reader who has the log up to some mark, and ``end``, up to where it has it then.

    ``reset``: what follows the mark is no longer there, so this is the latest page.
    """

    page: HistoryPage
    reset: bool
    end: StreamPosition

    @property
    def continues(self) -> bool:
        """Whether what is newer than the page follows it of its own accord; else the reader must ask for it."""
        return self.reset or not self.page.more


class History:
    """The readers' side of one room's log."""

    def __init__(self, room: str, log: RoomLog) -> None:
        self._room = room
        self._log = log

    @property
    def latest_position(self) -> StreamPosition:
        """Up to where there is something to read now."""
        return StreamPosition(self._log.epoch, self._log.last_seq)

    def query[Answer](self, query: Callable[[Callable[[Answer], None]], None], reply: Callable[[Answer], None]) -> None:
        """Put a question to the log. Where the history was deleted before the answer came, it is put again."""
        epoch = self._log.epoch

        def answered(answer: Answer) -> None:
            if self._log.epoch == epoch:
                reply(answer)
            else:
                self.query(query, reply)

        query(answered)

    def since(self, position: StreamPosition | None, reply: Callable[[Missed | LogError], None]) -> None:
        """Find what follows the mark, or else the latest page."""
        if position and position.epoch == self._log.epoch:
            self.query(partial(self._log.after, position.seq, HISTORY_PAGE), partial(self._following, position, reply))
        else:
            self.query(partial(self._log.latest, HISTORY_LATEST), partial(self._latest, reply))

    def event(self, page: HistoryPage, ref: str | None = None) -> bytes:
        """A page as an encoded ``history`` event."""
        return self._event(page, self._log.seqs, ref)

    def missed_event(self, missed: Missed) -> bytes:
        """The same for who has missed something: what is newer than the page is new to the reader, and will follow."""
        if not missed.continues:
            return self.event(missed.page)
        end = missed.end.seq + 1
        return self._event(missed.page, range(min(self._log.seqs.start, end), end))

    def _event(self, page: HistoryPage, seqs: range, ref: str | None = None) -> bytes:
        payloads = (entry.payload for entry in page.entries)
        return codec.encode_history(self._room, self._log.epoch, payloads, page.more, seqs, ref)

    def _following(
        self, position: StreamPosition, reply: Callable[[Missed | LogError], None], page: HistoryPage | LogError
    ) -> None:
        if isinstance(page, LogError):
            return reply(page)
        first = page.entries[0].seq if page.entries else self._log.seqs.start
        if position.epoch != self._log.epoch or first > position.seq + 1:
            return self.since(None, reply)
        end = page.entries[-1].seq if page.entries else min(position.seq, self._log.last_seq)
        return reply(Missed(page, reset=False, end=StreamPosition(position.epoch, end)))

    def _latest(self, reply: Callable[[Missed | LogError], None], page: HistoryPage | LogError) -> None:
        if isinstance(page, LogError):
            return reply(page)
        end = page.entries[-1].seq if page.entries else self._log.seqs.start - 1
        return reply(Missed(page, reset=True, end=StreamPosition(self._log.epoch, end)))
