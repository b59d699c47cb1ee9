"""Listing and making rooms, entering them beside the first one, and leaving them again."""

from functools import partial

from chatdesk.log.room_log import LogError
from chatdesk.protocol import codec, commands, room_commands, room_events
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import clean_room, is_private
from chatdesk.protocol.text import isolated
from chatdesk.server.catch_up import CatchUp
from chatdesk.server.command_errors import denied, not_joined, refuse_for_storage, require_membership
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.admission import Admission
from chatdesk.server.commands.room_settings import clean_topic
from chatdesk.server.commands.row import Row
from chatdesk.server.gate import Applicant, Gate
from chatdesk.server.hub import Hub
from chatdesk.server.permissions import Right, may
from chatdesk.server.person import Person
from chatdesk.server.private_rooms import PrivateRooms
from chatdesk.server.rate_limits import Spending
from chatdesk.server.room import Room
from chatdesk.server.room_list import RoomList
from chatdesk.server.session import Session

ROOMS_OF_A_SESSION = 100
"""More than anybody follows at once."""


class Rooms:
    """Gives sessions more memberships than that of their join, and takes them away."""

    def __init__(
        self, hub: Hub, command_queue: CommandQueue, gate: Gate, rooms: RoomList, private: PrivateRooms
    ) -> None:
        self._hub = hub
        self._gate = gate
        self._command_queue = command_queue
        self._admission = Admission(hub, command_queue)
        self._rooms = rooms
        self._private = private
        self.rows = (
            Row(room_commands.Rooms, None, Spending.QUERIES, self._list),
            Row(room_commands.Create, None, Spending.QUERIES, self._create),
            Row(commands.Enter, None, Spending.QUERIES, self._enter),
            Row(commands.Exit, None, None, self._exit),
        )

    def _list(self, session: Session, query: room_commands.Rooms) -> None:
        """Answer with a page of the list."""

        def answer(page: room_events.Rooms | LogError) -> None:
            if isinstance(page, LogError):
                refuse_for_storage(session, query, page)
            else:
                session.send(page)

        self._rooms.page(session, query, self._command_queue.wait_for(session, answer))

    def _create(self, session: Session, create: room_commands.Create) -> None:
        """Make a room, which nobody has entered yet."""
        if session.principal is None:
            raise not_joined()
        if create.to is not None:
            _require(session, Right.WRITE_PRIVATELY)
            self._rooms.send_room(session, self._private.begin(session, create.to).name, create.id)
            return
        _require(session, Right.CREATE_ROOM)
        name, topic = clean_room(create.room), clean_topic(create.topic)
        if is_private(name) or name in self._hub.directory:
            sentence = f"There is a room {isolated(name)} already: enter it, or choose a name."
            raise ProtocolError(ErrorCode.ROOM_EXISTS, sentence)
        self._hub.make_room(name, session.principal, session.connection.network)
        self._hub.directory.allow_again(name)

        def stored(error: LogError | None) -> None:
            if error:
                refuse_for_storage(session, create, error)
                return
            self._rooms.announce(name)
            self._rooms.send_room(session, name, create.id)

        settings = self._hub.directory.settings(name)._replace(topic=topic, created=True)
        self._hub.directory.change(name, settings, self._command_queue.wait_for(session, stored))

    def _enter(self, session: Session, enter: commands.Enter) -> None:
        """Read what the session has missed in the room, and let it in."""
        if session.person is None or session.principal is None:
            raise not_joined()
        name = clean_room(enter.room)
        membership = session.membership(name)
        if membership and not membership.silent:
            raise ProtocolError(ErrorCode.ALREADY_JOINED, "You are in this room already.")
        if len(session.entered) >= ROOMS_OF_A_SESSION:
            sentence = f"You are in {ROOMS_OF_A_SESSION} rooms already: leave one of them first."
            raise ProtocolError(ErrorCode.TOO_MANY_ROOMS, sentence)
        applicant = Applicant(session, session.principal, session.person.nickname, name, enter)
        self._gate.ask(applicant, partial(self._begin, session, enter, name))

    def _begin(self, session: Session, enter: commands.Enter, name: str) -> None:
        """Let somebody enter whom the gate lets in."""
        membership = session.membership(name)
        if session.person is None or session.principal is None or (membership and not membership.silent):
            return
        person, room = session.person, self._hub.room(name, session.principal, session.connection.network)
        kept = self._hub.subscriptions.get(person.identity, name)
        is_known = kept is not None and kept.joined
        self._admission.begin(session, enter, person, room, partial(self._let_in, session, enter, person, room))
        if not is_known:
            self._rooms.send_to_all(session, name)

    def _exit(self, session: Session, exit_: commands.Exit) -> None:
        """End the session's membership; it may have others. All devices of the person that list rooms leave with it.

        One that has joined the chat by this room stays in it: without it, it would not be in the chat.
        """
        membership = require_membership(session, exit_.room)
        room = membership.room
        self._hub.exit(membership, room, exit_.id)
        for other in self._hub.sessions(membership.person.identity):
            elsewhere = other.membership(room.name)
            if other.lists_rooms and elsewhere and elsewhere is not other.memberships[0]:
                self._hub.exit(elsewhere, room)
        self._rooms.send_to_others(session, room.name)

    def _let_in(self, session: Session, enter: commands.Enter, person: Person, room: Room, catch_up: CatchUp) -> None:
        if silent := session.membership(room.name):
            self._hub.replace(silent)
        is_new = self._hub.enter(session, person, room)
        history = room.history.entry_events(catch_up, enter.id, markup=session.markup)
        session.send_together(codec.encode(room.users(enter.id)), *history)
        session.memberships[-1].follow_up(catch_up)
        if is_new:
            room.announce_arrival(person)
        self._hub.on_entered(session, room)


def _require(session: Session, right: Right) -> None:
    """Raises ProtocolError for somebody who has not this right in the chat."""
    if not session.principal:
        raise not_joined()
    if not may(session.principal, right, None):
        raise denied(session.principal, right, None)
