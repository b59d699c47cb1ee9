"""What a person does with a room as a whole: make one, change it, leave it, write to somebody alone."""

from PySide6.QtCore import QObject, Signal

from chatdesk.client.room_list import RoomSummary
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.confirm import confirm
from chatdesk.desktop.dialogs.new_room import NewRoomSheet
from chatdesk.desktop.dialogs.room_settings import RoomSettingsSheet
from chatdesk.desktop.dialogs.sheet import Sheet
from chatdesk.desktop.tasks import Tasks
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import DANGER
from chatdesk.protocol.events import User
from chatdesk.protocol.fields import Level
from chatdesk.protocol.names import LOBBY
from chatdesk.protocol.pace_commands import Pace
from chatdesk.protocol.text import isolated


class RoomsController(QObject):
    """Works on the rooms of one conversation. What the server refuses comes as a notice.

    ``changed`` carries what was done to a room, and a function that takes it back.
    """

    changed = Signal(str, object)

    def __init__(self, theme: Theme, conversation: Conversation, tasks: Tasks) -> None:
        super().__init__(conversation.screen)  # which is deleted at the end; the conversation is freed after that
        self._theme, self._screen = theme, conversation.screen
        self._tasks, self._order = tasks, conversation.client.order
        self._state, self._rooms = conversation.client.state, conversation.client.rooms
        self.mark_all_read = self._rooms.mark_all_read

    def summary(self, name: str) -> RoomSummary | None:
        """Return what the list says of a room; None if it is not in the list."""
        return next((room for room in self._state.summaries() if room.name == name), None)

    def create(self) -> None:
        """Ask for the name and topic of a new room."""
        sheet = NewRoomSheet(self._theme, self._screen.window())
        sheet.made.connect(self._rooms.create)
        self._delete_later(sheet)
        sheet.show_sheet()

    def open_settings(self, name: str) -> None:
        """Show the settings of a room, which the host may change for everybody."""
        room = self.summary(name)
        if room is None:
            return
        entered = self._state.rooms.get(name)
        sheet = RoomSettingsSheet(
            self._theme,
            self._screen.window(),
            room,
            user_count=entered.people.count if entered else None,
            may_change=self._may_change(room),
            may_guard=self._may_guard(room),
            may_archive=self.may_archive(room),
            may_delete=self.may_delete(room),
            may_leave=self.may_leave(room),
            may_pace=self._order.may(name, "set_pace"),
        )
        sheet.pace_chosen.connect(lambda pace: self._order.pace.send(Pace(**pace._asdict(), room=name)))
        sheet.topic_chosen.connect(lambda topic: self._rooms.set_topic(name, topic))
        sheet.newcomers_chosen.connect(lambda see: self._rooms.set_newcomers(name, see))
        sheet.entry_chosen.connect(lambda password, locked: self._set_entry(name, password, locked))
        sheet.level_chosen.connect(lambda level: self.set_level(room, level))
        sheet.archive_requested.connect(lambda: self.archive(room, active=not room.archived))
        sheet.open_requested.connect(lambda: self._rooms.open_to_everybody(name))
        sheet.delete_requested.connect(lambda: self.ask_to_delete(room))
        sheet.leave_requested.connect(lambda: self.leave(room))
        self._delete_later(sheet)
        sheet.show_sheet()

    def set_level(self, room: RoomSummary, level: Level) -> None:
        """Set what of a room the person is told of."""
        self._rooms.set_level(room.name, level)

    def archive(self, room: RoomSummary, *, active: bool) -> None:
        """Archive a room, or open it again. There is no question before it, as it can be taken back."""
        self._rooms.archive(room.name, active=active)
        done = f"{isolated(room.title)} is {'archived' if active else 'open again'}"
        self.changed.emit(done, lambda: self._rooms.archive(room.name, active=not active))

    def ask_to_delete(self, room: RoomSummary) -> None:
        """Delete a room with all that was said in it, once the person has said so."""
        self._tasks.start(self._delete(room), "room deletion")

    async def _delete(self, room: RoomSummary) -> None:
        now = self.summary(room.name) or room
        all_of_it = _all_of(now.messages)
        told = f"{all_of_it} deleted for everybody, and for good. Links to this room lead nowhere then."
        title = f"Delete the room {isolated(room.title)}?"
        if await confirm(self._theme, self._screen.window(), title, told, "Delete room", look=DANGER):
            self._rooms.delete(room.name)

    def leave(self, room: RoomSummary) -> None:
        """Leave a room; if it is shown, that of the join is shown again."""
        self._rooms.exit(room.name)

    def may_archive(self, room: RoomSummary) -> bool:
        """Whether the person may archive a room: only the host, and not the room that everybody joins."""
        return self._may_change(room) and room.name != self._state.home.name

    def may_delete(self, room: RoomSummary) -> bool:
        """Whether the person may delete a room: only the host, and not the one that everybody joins."""
        return self.may_archive(room) and room.name != LOBBY

    def may_leave(self, room: RoomSummary) -> bool:
        """Whether the person is in the room, and it is not that of the join, which is left with the chat."""
        return room.name in self._state.rooms and room.name != self._state.home.name

    def may_write_to(self, person: User) -> bool:
        """Whether somebody can be written to alone."""
        return bool(self._state.list.rooms) and not self._state.is_mine(person)

    def write_to(self, person: User) -> None:
        """Show the private conversation with somebody, which begins now if there was none."""
        if self.may_write_to(person):
            self._rooms.open_private(f"@{person.author}" if person.author else person.nickname)

    def _may_change(self, room: RoomSummary) -> bool:
        return room.partner is None and self._state.is_host(self._state.own)

    def _may_guard(self, room: RoomSummary) -> bool:
        """Whether the person may set who enters a further room; for the chat itself another sheet does that."""
        is_further = room.partner is None and not room.closed and room.name != self._state.home.name
        return is_further and self._order.may(room.name, "guard_entry")

    def _set_entry(self, room: str, password: str | None, locked: bool | None) -> None:
        self._rooms.set_entry(room, password=password, locked=locked)

    def _delete_later(self, sheet: Sheet) -> None:
        sheet.dismissed.connect(sheet.deleteLater)


def _all_of(messages: int) -> str:
    """Return how much is lost, as the beginning of a sentence."""
    if not messages:
        return "The room is empty. It is"
    return "Its only message is" if messages == 1 else f"Its {messages:,} messages are"
