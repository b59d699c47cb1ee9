"""What holds for everybody in a room: topic, archive, what newcomers see; and in the chat: private messages."""

from chatdesk.log.room_log import LogError
from chatdesk.log.rooms import RoomSettings
from chatdesk.protocol import events, pace_commands, room_commands, times
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.limits import TOPIC_CHARS
from chatdesk.protocol.text import has_controls, isolated
from chatdesk.server.command_errors import forbidden, not_joined, refuse_for_storage
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right, may
from chatdesk.server.private_rooms import PrivateRooms
from chatdesk.server.room_list import RoomList
from chatdesk.server.session import Session

_Change = (
    room_commands.Topic | room_commands.Archive | room_commands.Open | room_commands.Newcomers | pace_commands.Pace
)
_ALLOWED = {
    "everyone": "Private messages are possible between all people now.",
    "moderators": "Private messages are possible with the host and moderators only now.",
    "nobody": "Private messages are turned off now.",
}


class RoomSettingsCommands:
    """Each change is stored, then told in the room."""

    def __init__(self, hub: Hub, command_queue: CommandQueue, rooms: RoomList, private: PrivateRooms) -> None:
        self._hub = hub
        self._command_queue = command_queue
        self._rooms = rooms
        self._private = private
        self.rows = (
            Row(room_commands.Topic, Right.SET_TOPIC, None, self._topic),
            Row(room_commands.Archive, Right.MANAGE_ROOM, None, self._archive),
            Row(room_commands.Open, Right.MANAGE_ROOM, None, self._open),
            Row(room_commands.Newcomers, Right.MANAGE_ROOM, None, self._newcomers),
            Row(room_commands.AllowPrivate, None, None, self._allow),
        )

    def _topic(self, session: Session, membership: Membership, command: room_commands.Topic) -> None:
        topic, name = clean_topic(command.topic), isolated(membership.person.nickname)
        sentence = f"{name} has set the topic: {isolated(topic)}" if topic else f"{name} has removed the topic."
        settings = membership.room.settings._replace(topic=topic)
        self.change(session, membership, command, settings, sentence)

    def _archive(self, session: Session, membership: Membership, command: room_commands.Archive) -> None:
        name = isolated(membership.person.nickname)
        sentence = f"{name} has opened this room again."
        if command.active:
            sentence = f"{name} has archived this room: all of it can still be read."
        settings = membership.room.settings._replace(archived=command.active)
        self.change(session, membership, command, settings, sentence)

    def _open(self, session: Session, membership: Membership, command: room_commands.Open) -> None:
        sentence = f"{isolated(membership.person.nickname)} has opened this room to everybody."
        self.change(session, membership, command, membership.room.settings._replace(closed=False), sentence)

    def _newcomers(self, session: Session, membership: Membership, command: room_commands.Newcomers) -> None:
        what = "all that was said" if command.see == "all" else "what is said from their joining on"
        sentence = f"{isolated(membership.person.nickname)} has changed this room: newcomers see {what}."
        settings = membership.room.settings._replace(newcomers=command.see)
        self.change(session, membership, command, settings, sentence)

    def change(
        self,
        session: Session,
        membership: Membership,
        command: _Change,
        settings: RoomSettings,
        sentence: str,
    ) -> None:
        """Store the settings, and tell everybody in the room; who has changed nothing is answered alone."""
        room = membership.room
        is_news, is_opened = settings != room.settings, room.closed and not settings.closed

        def stored(error: LogError | None) -> None:
            if error:
                refuse_for_storage(session, command, error)
                return
            if is_opened:
                self._rooms.announce(room.name)
            if is_news:
                self._rooms.tell_change(room.name, sentence)
            if session.lists_rooms or command.id:
                self._rooms.send_room(session, room.name, command.id)

        changed = settings._replace(created=True)
        self._hub.directory.change(room.name, changed, self._command_queue.wait_for(session, stored))

    def _allow(self, session: Session, command: room_commands.AllowPrivate) -> None:
        if session.principal is None:
            raise not_joined()
        if not may(session.principal, Right.MANAGE_CHAT, None):
            raise forbidden(Right.MANAGE_CHAT)
        session.send(events.System(_ALLOWED[command.allow], times.timestamp(), SystemCode.ROOM_CHANGED))
        self._private.allow(command.allow)


def clean_topic(text: str) -> str:
    """Return a topic as it is shown, on one line. Raises ProtocolError if it is too long or has control characters."""
    topic = " ".join(text.split())
    if len(topic) > TOPIC_CHARS:
        raise ProtocolError(ErrorCode.BAD_MESSAGE, f"The topic is too long: at most {TOPIC_CHARS} characters.")
    if has_controls(topic):
        raise ProtocolError(ErrorCode.BAD_MESSAGE, "The topic contains control characters: leave them out.")
    return topic
