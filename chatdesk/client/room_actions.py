"""What the person does with rooms as a whole: enter, show, make, find and change them."""

import secrets
from collections.abc import Callable

from msgspec.structs import replace

from chatdesk.client.changes import Change, RoomsChanged
from chatdesk.client.requests import Requested, RequestKind
from chatdesk.client.saved_rooms import SavedRooms
from chatdesk.client.state import ChatState
from chatdesk.client.unfinished import Unfinished
from chatdesk.protocol import commands, fields, reading_commands, room_commands
from chatdesk.protocol.entry_messages import SetEntry


class RoomActions:
    """Puts wishes into the state; ``send_requests`` sends what is wanted, ``publish`` tells the view of changes.

    What the server refuses comes as ``NoticeReceived``.
    """

    def __init__(
        self,
        state: ChatState,
        saved: SavedRooms,
        publish: Callable[[list[Change]], None],
        send_requests: Callable[[], None],
        send: Callable[[commands.Command], None],
    ) -> None:
        self._state = state
        self._saved = saved
        self._publish = publish
        self._send_requests = send_requests
        self._send = send

    def enter(self, room: str) -> None:
        """Be in another room, too, until ``exit``; it is entered again after a loss of the connection."""
        entered = self._state.enter(room)
        if self._state.welcome:
            self._publish(self._saved.restored(entered, self._state.welcome))
        self._send_requests()

    def exit(self, room: str) -> None:
        """Be in another room no longer; the room of the join is left with the chat."""
        left = self._state.rooms[room]
        if left is not self._state.home:
            if self._state.is_in(room):
                self._state.leaving[room] = secrets.token_hex(8)
                self._send(commands.Exit(room, self._state.leaving[room]))
            self._saved.exit(left)
            self._publish([*self._state.exit(room), RoomsChanged()])

    def show(self, room: str) -> None:
        """Show this room, which is entered if need be: all that the person does from now on is done there."""
        if room not in self._state.rooms:
            self.enter(room)
        self._saved.save_draft()
        if changes := self._state.show(room):
            self._publish(changes)
            self._send_requests()

    def show_with_password(self, room: str, password: str) -> None:
        """Enter a room with its password, and show it; see ``PasswordAsked``."""
        self._state.enter(room).password = password
        self.enter(room)
        self.show(room)

    @property
    def draft(self) -> str:
        """What the person has written in the shown room and not sent yet."""
        return self._saved.draft(self._state.shown)

    def has_draft(self, room: str) -> bool:
        """Whether something is written in this room and not sent yet, be it a new text of another message."""
        found = self._state.rooms.get(room)
        return bool(found and (self._saved.draft(found).strip() or self._saved.unfinished(found).editing))

    @property
    def unfinished(self) -> Unfinished:
        """What the person was answering and editing in the shown room."""
        return self._saved.unfinished(self._state.shown)

    def set_task(self, *, reply_to: int = 0, editing: int = 0, content: str = "") -> None:
        """What is written in the shown room answers a message, or is the new ``content`` of one, or neither.

        Nothing is kept of it until the log is known to which the numbers belong.
        """
        if not self._state.shown.transcript.epoch:
            return
        unfinished = replace(self.unfinished, reply_to=reply_to, editing=editing)
        self._saved.set_unfinished(self._state.shown, unfinished.with_edit(editing, content) if editing else unfinished)

    def forget_edit(self, seq: int) -> None:
        """What was written in place of this message is sent, or not wanted any more."""
        self._saved.set_unfinished(self._state.shown, self.unfinished.without_edit(seq))

    def create(self, name: str, topic: str = "") -> None:
        """Make a room; it comes as ``RoomOpened``."""
        self._wish("", "create", room_commands.Create(name, topic))

    def open_private(self, to: str) -> None:
        """Find the private room with somebody, or begin it: a nickname, or ``@`` and an author; see ``create``."""
        self._wish("", "create", room_commands.Create(to=to))

    def set_topic(self, room: str, topic: str) -> None:
        """Set the topic of a room; only host and moderators may."""
        self._wish(room, "setting", room_commands.Topic(topic, room))

    def archive(self, room: str, *, active: bool = True) -> None:
        """Archive a room, or open it again; only the host may."""
        self._wish(room, "setting", room_commands.Archive(active, room))

    def open_to_everybody(self, room: str) -> None:
        """Let everybody into a closed room; only the host may."""
        self._wish(room, "setting", room_commands.Open(room))

    def set_entry(self, room: str, *, password: str | None = None, locked: bool | None = None) -> None:
        """Set who may come into a room; in that of the join, who may come into the chat."""
        place = None if room == self._state.home.name else room
        self._send(SetEntry(place, password, locked, secrets.token_hex(8)))

    def allow_private(self, among: fields.PrivateMessages) -> None:
        """Set between whom private messages are possible, until the chat closes; only the host may."""
        self._send(room_commands.AllowPrivate(among, secrets.token_hex(8)))

    def delete(self, room: str) -> None:
        """Delete a room with all that was said in it, for everybody and for good; only the host may."""
        self._wish("", "deletion", room_commands.DeleteRoom(room))

    def set_newcomers(self, room: str, see: fields.NewcomersSee) -> None:
        """Set what newcomers see of a room; only the host may."""
        self._wish(room, "setting", room_commands.Newcomers(see, room))

    def set_level(self, room: str, level: fields.Level) -> None:
        """Set what of a room the person is told of, on all their devices."""
        self._wish(room, "setting", reading_commands.SetLevel(level, room))

    def find(self, query: str) -> None:
        """Search the server for rooms beside the listed ones; see ``RoomList.find``. They come as ``RoomsChanged``."""
        self._state.list.find(query)
        self._send_requests()

    def load_more(self) -> None:
        """Ask the server for the rooms after the last one of the list."""
        self._state.list.load_more()
        self._send_requests()

    def mark_all_read(self) -> None:
        """What is unread counts as read, in all rooms."""
        for room in self._state.rooms.values():
            self._publish([*self._state.in_room(room, room.mark_all_read()), RoomsChanged()])
        self._send_requests()

    def _wish(self, room: str, kind: RequestKind, command: Requested) -> None:
        self._state.list.wish(room, kind, command)
        self._send_requests()
