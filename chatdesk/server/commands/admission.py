"""Admits sessions to rooms, by their join or beside their first room: what they have missed is read before."""

from collections.abc import Callable

from chatdesk.log.room_log import LogError
from chatdesk.protocol import commands
from chatdesk.server.catch_up import CatchUp
from chatdesk.server.command_errors import forbidden, ref_of, refuse, refuse_for_storage
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.hub import Hub
from chatdesk.server.own_standing import tell_newcomer
from chatdesk.server.permissions import Right
from chatdesk.server.person import Person
from chatdesk.server.room import Room
from chatdesk.server.session import Session
from chatdesk.server.stream_position import StreamPosition


class Admission:
    """Admits sessions to the rooms of a hub."""

    def __init__(self, hub: Hub, command_queue: CommandQueue) -> None:
        self._hub = hub
        self._command_queue = command_queue

    def begin(
        self,
        session: Session,
        command: commands.Join | commands.Enter,
        person: Person,
        room: Room,
        let_in: Callable[[CatchUp], None],
        refused: Callable[[bool], None] = lambda _by_storage: None,
    ) -> None:
        """Read what the session has missed in the room, and ``let_in`` with it, unless it has gone meanwhile.

        If it is refused, ``refused`` is called before it is told; its argument says whether the log could not be read.
        """

        def admit(catch_up: CatchUp | LogError) -> None:
            room.stop_expecting(person)
            if session.person is not person:
                return
            if isinstance(catch_up, LogError):
                refused(True)
                refuse_for_storage(session, command, catch_up)
            elif not self._hub.may_be_in(session, room):
                refused(False)
                refuse(session, forbidden(Right.READ, ref_of(command)))
            else:
                let_in(catch_up)
                tell_newcomer(session, room.name, room)

        room.expect(person)
        floor = self._hub.floor(session, person, room)
        position = StreamPosition.of(command.resume)
        room.history.since(position, self._command_queue.wait_for(session, admit), floor, markup=session.markup)
