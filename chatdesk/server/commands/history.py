"""Reading and deleting what was said."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from chatdesk.log.room_log import HistoryPage, LogError
from chatdesk.log.visible_log import VisibleLog
from chatdesk.protocol import commands, times
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server.command_errors import refuse_for_storage
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.answers import answer_query
from chatdesk.server.commands.row import Row
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right
from chatdesk.server.rate_limits import Spending
from chatdesk.server.session import Session

_PageQuery = Callable[[], Coroutine[Any, Any, HistoryPage]]


class History:
    """Answers when the log has answered."""

    def __init__(self, command_queue: CommandQueue) -> None:
        self._command_queue = command_queue
        self.rows = (
            Row(commands.History, Right.READ, Spending.QUERIES, self._history),
            Row(commands.Clear, Right.CLEAR, None, self._clear),
        )

    def _history(self, session: Session, membership: Membership, history: commands.History) -> None:
        room = membership.room
        floor = membership.floor
        encode = partial(room.history.event, ref=history.id, floor=floor, markup=session.markup)
        answer = partial(answer_query, session, membership, history, encode)
        query = _page(room.history.visible(floor), history)
        if session.markup:
            query = room.history.with_bodies(query)
        room.history.query(query, self._command_queue.wait_for(session, answer))

    def _clear(self, session: Session, membership: Membership, clear: commands.Clear) -> None:
        def cleared(error: LogError | None) -> None:
            if error:
                refuse_for_storage(session, clear, error)

        membership.room.clear(self._command_queue.wait_for(session, cleared))


def _page(log: VisibleLog, history: commands.History) -> _PageQuery:
    given = [history.before, history.after, history.around, history.at]
    if sum(field is not None for field in given) > 1:
        sentence = 'Ask for history with one of "before", "after", "around" and "at", or none of them.'
        raise ProtocolError(ErrorCode.BAD_MESSAGE, sentence)
    if history.before is not None:
        return partial(log.before, history.before, history.limit)
    if history.after is not None:
        return partial(log.after, history.after, history.limit)
    if history.around is not None:
        return partial(log.around, history.around, history.limit)
    if history.at is not None:
        return partial(log.at, _moment(history.at), history.limit)
    return partial(log.latest, history.limit)


def _moment(timestamp: str) -> int:
    moment = times.milliseconds(timestamp)
    if moment is None:
        sentence = 'Write "at" as a date, or a date and a time, such as 2024-01-31T12:00:00Z.'
        raise ProtocolError(ErrorCode.BAD_MESSAGE, sentence)
    return moment
