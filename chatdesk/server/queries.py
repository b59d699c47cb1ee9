"""Commands that read a room's log or list of people, and ``clear``, which only the host may send."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from chatdesk.log.recent_entries import fitting_count
from chatdesk.log.room_log import HistoryPage, Hits, LogError
from chatdesk.log.search_query import SearchQuery
from chatdesk.protocol import codec, commands, events
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server.command_errors import rate_limited, require_membership, storage_error
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.person import Person
from chatdesk.server.rate_limits import RateLimits
from chatdesk.server.room import Room
from chatdesk.server.session import Session

_PREPARING = "Search is being prepared: so far it covers the newest {} % of the messages."
_NO_WORD = "Type a word to search for."

_PageQuery = Callable[[Callable[[HistoryPage | LogError], None]], None]


class Queries:
    """Answers a query when the log has answered. Only the host has no rate limit: its window exports the history."""

    def __init__(self, command_queue: CommandQueue) -> None:
        self._command_queue = command_queue
        self._loop = asyncio.get_running_loop()

    def users(self, session: Session, rate_limits: RateLimits, users: commands.Users) -> None:
        """Answer with the list of people."""
        membership = require_membership(session, users.room, "users")
        self.charge(session, membership.person, rate_limits, "users")
        session.send(membership.room.users())

    def history(self, session: Session, rate_limits: RateLimits, history: commands.History) -> None:
        """Answer with a page of the log."""
        ref = history.id or "history"
        membership = require_membership(session, history.room, ref)
        self.charge(session, membership.person, rate_limits, ref)
        room = membership.room
        query = _page(room, history, ref)
        answer = partial(_answer, session, ref, partial(room.history.event, ref=history.id))
        room.history.query(query, self._command_queue.wait_for(session, rate_limits, answer))

    def search(self, session: Session, rate_limits: RateLimits, search: commands.Search) -> None:
        """Answer with messages that contain these words."""
        membership = require_membership(session, search.room, "search")
        self.charge(session, membership.person, rate_limits, "search")
        room = membership.room
        query = partial(room.log.search, search.query, search.before, search.limit)
        answer = partial(_answer, session, "search", partial(_found, room, search.query))
        room.history.query(query, self._command_queue.wait_for(session, rate_limits, answer))

    def clear(self, session: Session, rate_limits: RateLimits, clear: commands.Clear) -> None:
        """Delete the room's history."""
        membership = require_membership(session, clear.room, "clear")
        if not membership.person.host:
            raise ProtocolError(ErrorCode.FORBIDDEN, "Only the host can delete the history.", "clear")
        membership.room.clear(self._command_queue.wait_for(session, rate_limits, partial(_cleared, session)))

    def charge(self, session: Session, person: Person, rate_limits: RateLimits, ref: str) -> None:
        """Count a query. Raises ProtocolError beyond the rate, and for a peer that does not read its answers."""
        if person.host:
            return
        if not session.connection.writable or not rate_limits.queries.acquire(self._loop.time()):
            raise rate_limited("asking", ref)


def _page(room: Room, history: commands.History, ref: str) -> _PageQuery:
    given = [history.before, history.after, history.around, history.at]
    if sum(field is not None for field in given) > 1:
        sentence = 'Ask for history with one of "before", "after", "around" and "at", or none of them.'
        raise ProtocolError(ErrorCode.BAD_MESSAGE, sentence, ref)
    if history.before is not None:
        return partial(room.log.before, history.before, history.limit)
    if history.after is not None:
        return partial(room.log.after, history.after, history.limit)
    if history.around is not None:
        return partial(room.log.around, history.around, history.limit)
    if history.at is not None:
        return partial(room.log.at, _moment(history.at, ref), history.limit)
    return partial(room.log.latest, history.limit)


def _moment(timestamp: str, ref: str) -> int:
    moment = events.milliseconds(timestamp)
    if moment is None:
        sentence = 'Write "at" as a date, or a date and a time, such as 2024-01-31T12:00:00Z.'
        raise ProtocolError(ErrorCode.BAD_MESSAGE, sentence, ref)
    return moment


def _found(room: Room, query: str, found: Hits) -> bytes:
    """Encode as many hits as fit into one frame; clients ask for the others with ``before``."""
    hits = found.hits[
        : fitting_count(len(codec.encode(hit.message)) + len("".join(hit.parts).encode()) for hit in found.hits)
    ]
    more = found.more or len(hits) < len(found.hits)
    if indexing := found.indexing:
        percent = indexing.done * 100 // indexing.total
        return codec.encode(events.Search(room.name, query, hits, more, _PREPARING.format(percent), percent))
    return codec.encode(events.Search(room.name, query, hits, more, "" if SearchQuery(query) else _NO_WORD))


def _answer[Answer](session: Session, ref: str, encode: Callable[[Answer], bytes], answer: Answer | LogError) -> None:
    if isinstance(answer, LogError):
        session.send(storage_error(answer, ref))
    else:
        session.send_payload(encode(answer))


def _cleared(session: Session, error: LogError | None) -> None:
    if error:
        session.send(storage_error(error, "clear"))
