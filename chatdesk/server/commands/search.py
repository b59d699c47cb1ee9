"""Searching a room, or all rooms that somebody may read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chatdesk.log.as_message import as_message
from chatdesk.log.pages import fitting_count
from chatdesk.log.room_log import FoundRooms, Hits, IndexProgress, LogError
from chatdesk.log.search_query import SearchQuery
from chatdesk.protocol import codec, commands, events
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.limits import SEARCH_ROOM_HITS
from chatdesk.protocol.names import is_private
from chatdesk.protocol.search_folding import fold
from chatdesk.server.command_errors import forbidden, not_joined, ref_of, refuse_for_storage, require_membership
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.row import Row
from chatdesk.server.entry import Entry
from chatdesk.server.hub import Hub
from chatdesk.server.log_tasks import LogTasks
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right, may
from chatdesk.server.private_pair import PrivatePair
from chatdesk.server.rate_limits import Spending
from chatdesk.server.session import Session

_PREPARING = "Search is being prepared: so far it covers the newest {} % of the messages."
_NO_WORD = "Type a word to search for."
_NO_ROOM = "There is no room {} that you can read."


class Search:
    """Answers when the log has answered."""

    def __init__(self, hub: Hub, command_queue: CommandQueue, entry: Entry) -> None:
        self._hub = hub
        self._entry = entry
        self._command_queue = command_queue
        self._tasks = LogTasks()
        self.rows = (Row(commands.Search, None, Spending.QUERIES, self._search),)

    def _search(self, session: Session, search: commands.Search) -> None:
        """Search all rooms, or one: further back there are the hits of one only."""
        if session.principal is None:
            raise not_joined()
        if search.room is None and search.before is None:
            return self._search_all(session, search)
        membership = require_membership(session, search.room)
        if not may(session.principal, Right.SEARCH, membership.room):
            raise forbidden(Right.SEARCH)
        history = membership.room.history
        query = partial(history.visible(membership.floor).search, search.query, search.before, search.limit)
        answer = partial(self._found_in_room, session, membership, search)
        return history.query(query, self._command_queue.wait_for(session, answer))

    def _search_all(self, session: Session, search: commands.Search) -> None:
        wanted = SearchQuery(search.query).operators.rooms
        floors = {name: floor for name, floor in self._readable(session) if self._is_wanted(session, name, wanted)}
        note = _NO_ROOM.format(wanted[0][:32]) if wanted and not floors else ""
        limit = min(search.limit, SEARCH_ROOM_HITS) if len(floors) > 1 else search.limit
        ask = partial(self._hub.directory.search, search.query, floors, limit)
        self._tasks.run(ask, self._command_queue.wait_for(session, partial(self._found, session, search, note)))

    def _readable(self, session: Session) -> Iterator[tuple[str, int]]:
        """The rooms that the session's person may search, and of each the last message that they may not see."""
        principal = session.principal
        if principal is None:
            return
        kept, directory = self._hub.subscriptions.of(principal.identity), self._hub.directory
        for name in directory.public:
            sees_all = name in kept or directory.settings(name).newcomers == "all"
            is_in = session.membership(name) is not None or self._entry.may_look_into(principal, name)
            if sees_all and is_in and may(principal, Right.SEARCH, directory.roles(name)):
                yield name, directory.floor(principal.identity, name)
        for name in kept:
            if is_private(name) and name in directory:
                yield name, 0

    def _is_wanted(self, session: Session, name: str, wanted: tuple[str, ...]) -> bool:
        """Whether ``in:`` names the room: by its name, or a private one by that of the other person."""
        if not wanted or name in wanted:
            return True
        if not is_private(name) or session.principal is None:
            return False
        partner = fold(self._hub.partner(session.principal.identity, name).nickname)
        return any(fold(word.lstrip("@＠")) == partner for word in wanted)

    def _found(self, session: Session, search: commands.Search, note: str, found: FoundRooms | LogError) -> None:
        if isinstance(found, LogError):
            refuse_for_storage(session, search, found)
        elif session.person:
            readable = dict(self._readable(session))  # somebody may have lost a room meanwhile
            rooms = {name: hits for name, hits in found.rooms.items() if name in readable}
            hits = [hit for name in rooms for hit in self._hits(name, rooms[name])]
            shown = hits[: min(search.limit, _fitting(hits))]
            more_in = [name for name in rooms if rooms[name].more and name in {hit.message.room for hit in shown}]
            told, prepared = _notes(search.query, self._hub.directory.indexing)
            more = found.more or len(shown) < len(hits)
            session.send(
                events.Search("", search.query, shown, more, note or told, prepared, search.id, tuple(more_in))
            )

    def _found_in_room(
        self, session: Session, membership: Membership, search: commands.Search, found: Hits | LogError
    ) -> None:
        if isinstance(found, LogError):
            refuse_for_storage(session, search, found)
        elif membership.ended:  # the room was lost meanwhile, and nothing of it may be told any more
            session.send(events.Error(ErrorCode.BAD_ROOM, "You are not in this room any more.", ref_of(search)))
        else:
            name = membership.room.name
            hits = self._hits(name, found)
            shown = hits[: _fitting(hits)]
            more = found.more or len(shown) < len(hits)
            note, prepared = _notes(search.query, found.indexing)
            session.send(events.Search(name, search.query, shown, more, note, prepared, search.id))

    def _hits(self, name: str, found: Hits) -> list[events.Hit]:
        pair = PrivatePair(self._hub.author, self._hub.subscriptions.in_room(name)) if is_private(name) else None
        return [
            events.Hit(as_message(hit.record, name, pair.recipient(hit.record.author) if pair else None), hit.parts)
            for hit in found.hits
        ]


def _notes(query: str, indexing: IndexProgress | None) -> tuple[str, int]:
    """A sentence about the search, and how many percent of the messages it covers."""
    parsed = SearchQuery(query)
    if indexing:
        prepared = indexing.done * 100 // indexing.total
        return _PREPARING.format(prepared), prepared
    return parsed.operators.note or ("" if parsed else _NO_WORD), 100


def _fitting(hits: list[events.Hit]) -> int:
    """How many hits fit into one frame; clients ask for the others with ``before``."""
    return fitting_count(len(codec.encode(hit.message)) + len("".join(hit.parts).encode()) for hit in hits)
