"""Entering rooms beside the first one, and leaving them again."""

from functools import partial

from chatdesk.log.room_log import LogError
from chatdesk.protocol import codec, commands
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import clean_room
from chatdesk.server.catch_up import CatchUp
from chatdesk.server.command_errors import (
    forbidden,
    not_joined,
    ref_of,
    refuse,
    refuse_for_storage,
    require_membership,
)
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.permissions import Right
from chatdesk.server.person import Person
from chatdesk.server.rate_limits import Spending
from chatdesk.server.room import Room
from chatdesk.server.session import Session
from chatdesk.server.stream_position import StreamPosition

ROOMS_OF_A_SESSION = 20
"""More than anybody follows at once. Otherwise one connection could hold all rooms that the server opens."""


class Rooms:
    """Gives sessions more memberships than that of their join, and takes them away."""

    def __init__(self, hub: Hub, command_queue: CommandQueue) -> None:
        self._hub = hub
        self._command_queue = command_queue
        self.rows = (
            Row(commands.Enter, None, Spending.QUERIES, self._enter),
            Row(commands.Exit, None, None, self._exit),
        )

    def _enter(self, session: Session, enter: commands.Enter) -> None:
        """Read what the session has missed in the room, and let it in."""
        if session.person is None or session.principal is None:
            raise not_joined()
        name = clean_room(enter.room)
        if session.membership(name):
            raise ProtocolError(ErrorCode.ALREADY_JOINED, "You are in this room already.")
        if len(session.memberships) >= ROOMS_OF_A_SESSION:
            sentence = f"You are in {ROOMS_OF_A_SESSION} rooms already: leave one of them first."
            raise ProtocolError(ErrorCode.TOO_MANY_ROOMS, sentence)
        person, room = session.person, self._hub.room(name, session.principal)
        room.expect(person)
        admit = partial(self._admit, session, enter, person, room)
        room.history.since(StreamPosition.of(enter.resume), self._command_queue.wait_for(session, admit))

    def _exit(self, session: Session, exit_: commands.Exit) -> None:
        """End the session's membership; it may have others."""
        membership = require_membership(session, exit_.room)
        self._hub.exit(membership, membership.room, exit_.id)

    def _admit(
        self, session: Session, enter: commands.Enter, person: Person, room: Room, catch_up: CatchUp | LogError
    ) -> None:
        """The page of history is read: let the session in, unless it has gone meanwhile."""
        room.stop_expecting(person)
        if session.person is not person:
            return
        if isinstance(catch_up, LogError):
            refuse_for_storage(session, enter, catch_up)
            return
        if not self._hub.may_be_in(session, room):
            refuse(session, forbidden(Right.READ, ref_of(enter)))
            return
        is_new = self._hub.enter(session, person, room)
        session.send_together(codec.encode(room.users(enter.id)), *room.history.entry_events(catch_up, enter.id))
        session.memberships[-1].follow_up(catch_up)
        if is_new:
            room.announce_arrival(person)
