"""The rooms that the client is in, which one of them is shown, and the list of all that there are."""

from chatdesk.client.changes import (
    Change,
    FoundPeopleChanged,
    InRoom,
    NoticeReceived,
    PeopleReset,
    ReadersChanged,
    RoomChanged,
    TranscriptReset,
    TypingChanged,
    UnreadChanged,
)
from chatdesk.client.own_identity import OwnIdentity
from chatdesk.client.read_position import ServerMark
from chatdesk.client.requests import Requests
from chatdesk.client.room_list import RoomList, RoomSummary
from chatdesk.client.room_state import RoomState
from chatdesk.protocol import events, room_events
from chatdesk.protocol.room_events import RoomInfo

_MAX_ROOMS = 100
"""As many as the server lets one connection enter."""


class EnteredRooms:
    """Enters and leaves rooms. That of the join is ``home``; others may be entered besides.

    One of them is ``shown``: what changes in another comes as ``InRoom``.
    """

    def __init__(self, own: OwnIdentity, home: str) -> None:
        self.own = own
        self.limits: events.Limits | None = None
        self.receipts = room_events.ReceiptSettings(allowed=False, given=True)
        """Whether there are receipts; none until the server says so."""
        self.requests = Requests()
        self.home = self.shown = RoomState(home, own)
        self.rooms = {home: self.home}
        self.list = RoomList()
        self.leaving: dict[str, str] = {}
        """Rooms that the person has left, and the id of the ``exit`` that the server has not answered."""

    def enter(self, name: str) -> RoomState:
        """Be in another room, too, from now on."""
        room = self.rooms.setdefault(name, RoomState(name, self.own))
        room.limits = self.limits
        room.receipts.set_active(self.receipts.active)
        return room

    def exit(self, name: str) -> list[Change]:
        """Be in another room no longer; the room of the join can only be left with the chat."""
        if self.rooms.get(name, self.home) is self.home:
            return []
        self.requests.forget(name)
        self.list.set_joined(name, joined=False)
        changes = self.show(self.home.name) if self.shown.name == name else []
        del self.rooms[name]
        return changes

    def is_in(self, name: str) -> bool:
        """Whether the server lets the client hear this room, or will as soon as it has answered."""
        return self.rooms[name].stage != "outside" or self.requests.is_open(name, "enter")

    def show(self, name: str) -> list[Change]:
        """Show this room: all of it is new to the view."""
        if self.shown is self.rooms[name]:
            return []
        self.shown.tell_read()
        self.shown.receipts.hide()
        self.shown.read_position.release()
        self.shown = self.rooms[name]
        self.shown.read_position.shown(self.shown.transcript)
        lists: list[Change] = [TranscriptReset(), PeopleReset(), TypingChanged(), FoundPeopleChanged()]
        return [RoomChanged(), *lists, UnreadChanged(), ReadersChanged()]

    def summaries(self) -> list[RoomSummary]:
        """The list of rooms: that of the join, then those that the person belongs to, then the others, each by name."""
        return self.list.summaries(self.rooms, self.home.name)

    def found_rooms(self) -> list[RoomSummary]:
        """The rooms that were searched for on the server and are not in the list."""
        return self.list.found_summaries(self.rooms)

    @property
    def shown_info(self) -> RoomInfo:
        """What the server has told of the shown room."""
        return self.list.rooms.get(self.shown.name) or RoomInfo(self.shown.name)

    @property
    def unread(self) -> int:
        """How many messages ask for the person's attention in all rooms."""
        if not self.list.rooms:
            return self.shown.unread
        return self.list.waiting(self.rooms)

    def in_room(self, room: RoomState, changes: list[Change]) -> list[Change]:
        """What a view of the shown room hears of changes in this one."""
        notices = [change for change in changes if isinstance(change, NoticeReceived)]
        if room is self.shown or not changes:
            return changes
        return [InRoom(room.name, tuple(changes)), *notices]

    def follow(self, info: RoomInfo) -> list[Change]:
        """Be in a room that the person belongs to on some device, and in none that they have left there."""
        room = self.rooms.get(info.room)
        if info.room in self.leaving or info.room not in self.list.rooms:
            return []
        if room is None and info.joined and not info.archived and len(self.rooms) < _MAX_ROOMS:
            room = self.enter(info.room)
        if room is None:
            return []
        if info.joined is False and room is not self.home and room is not self.shown and room.stage == "inside":
            return self.exit(info.room)
        if info.read is None:
            return []
        mark = ServerMark(info.epoch, info.read, info.last_seq, info.unread or 0, info.mentions or 0)
        return self.in_room(room, room.told_read(mark))

    def rename_home(self, name: str) -> None:
        """The server may spell the room's name in another way than the join."""
        del self.rooms[self.home.name]
        self.home.name = name
        self.rooms = {name: self.home} | {other: room for other, room in self.rooms.items() if other != name}
