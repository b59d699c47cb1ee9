"""Deleting a room with all that was said in it."""

from chatdesk.log.room_log import LogError
from chatdesk.protocol import codec, events, room_commands, room_events, times
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.names import LOBBY, clean_room, is_private
from chatdesk.protocol.text import isolated
from chatdesk.server.command_errors import forbidden, not_joined, refuse_for_storage, room_deleted
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.row import Row
from chatdesk.server.frames import text_frame
from chatdesk.server.hub import Hub
from chatdesk.server.permissions import Right, RoomRoles, may
from chatdesk.server.room_list import RoomList
from chatdesk.server.session import Session

_LOBBY_STAYS = "Everybody comes into this room first, so it stays: delete its history instead."


class RoomDeletion:
    """The host need not be in the room. Its members are told, and out of it; all lists lose it."""

    def __init__(self, hub: Hub, command_queue: CommandQueue, rooms: RoomList) -> None:
        self._hub = hub
        self._command_queue = command_queue
        self._rooms = rooms
        hub.directory.on_deletions(self._deleted_elsewhere)
        self.rows = (Row(room_commands.DeleteRoom, None, None, self._delete),)

    def _delete(self, session: Session, command: room_commands.DeleteRoom) -> None:
        if session.person is None or session.principal is None:
            raise not_joined()
        name, directory = clean_room(command.room), self._hub.directory
        if is_private(name) or not may(session.principal, Right.DELETE_ROOM, directory.roles(name)):
            raise forbidden(Right.DELETE_ROOM)
        if name == LOBBY:
            raise ProtocolError(ErrorCode.FORBIDDEN, _LOBBY_STAYS)
        if directory.is_deleted(name):
            raise room_deleted(name)
        if name not in directory:
            raise ProtocolError(ErrorCode.BAD_ROOM, f"There is no room {isolated(name)}.")
        who = isolated(session.person.nickname)
        sentence = f"{who} has deleted the room {isolated(name)}, with all that was said in it."
        roles = directory.roles(name)

        def stored(error: LogError | None) -> None:
            if error:
                refuse_for_storage(session, command, error)
                return
            self._tell(name, roles, but=session)
            session.send(room_events.RoomDeleted(name, command.id))

        self._hub.delete_room(name, _farewell(sentence), self._command_queue.wait_for(session, stored))

    def _deleted_elsewhere(self, name: str) -> None:
        roles = self._hub.directory.roles(name)
        sentence = f"The room {isolated(name)} was deleted, with all that was said in it."
        self._hub.let_go_of_room(name, _farewell(sentence))
        self._tell(name, roles)

    def _tell(self, name: str, roles: RoomRoles, but: Session | None = None) -> None:
        for other in self._rooms.who_see(roles):
            if other is not but:
                other.send(room_events.RoomDeleted(name))


def _farewell(sentence: str) -> bytes:
    return text_frame(codec.encode(events.System(sentence, times.timestamp(), SystemCode.ROOM_DELETED)))
