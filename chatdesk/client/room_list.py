"""The list of rooms as the server tells it, and what the person wants changed in it. Pure, as ``ChatState``."""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from chatdesk.client.requests import Request, Requested, RequestKind
from chatdesk.protocol import commands, fields, room_events
from chatdesk.protocol.fields import Level
from chatdesk.protocol.room_events import Partner, RoomInfo

MAX_ROOMS = 2_000
"""Rooms that are listed, whatever a server tells: each is a row in every view."""
_PERSONAL = ("private_with", "joined", "level", "read", "unread", "mentions")
"""What the server leaves out where it tells everybody the same."""


@dataclass(frozen=True, slots=True)
class RoomSummary:
    """A row of the list of rooms; ``name`` is what commands need.

    ``partner`` is the other person of a private room. A ``closed`` room is for the host alone.
    """

    name: str
    topic: str
    archived: bool
    closed: bool
    joined: bool
    level: Level
    newcomers: fields.NewcomersSee
    unread: int
    mentions: int
    partner: Partner | None = None

    @property
    def title(self) -> str:
        """What the row is called."""
        return self.partner.nickname if self.partner else self.name

    @property
    def counts(self) -> bool:
        """Whether what is unread here asks for the person's attention."""
        return self.joined and not self.archived and self.level != "nothing"

    @property
    def waiting(self) -> int:
        """How many messages here ask for the person's attention."""
        if not self.counts:
            return 0
        return self.mentions if self.level == "mentions" and not self.partner else self.unread


def summarise(info: RoomInfo, counted: tuple[int, int] | None) -> RoomSummary:
    """Return the row of a room; ``counted`` is what is unread and mentions one there, if the client has counted it."""
    unread, mentions = counted or (info.unread or 0, info.mentions or 0)
    kept = bool(info.joined), info.level or "all", info.newcomers
    return RoomSummary(info.room, info.topic, info.archived, info.closed, *kept, unread, mentions, info.private_with)


class RoomList:
    """The rooms that the server has told of, by name; none where it lists no rooms."""

    def __init__(self) -> None:
        self.rooms: dict[str, RoomInfo] = {}
        self.more = False
        """Whether the server has further rooms; one searches for them, or loads them."""
        self._wishes: list[tuple[str, RequestKind, Requested]] = []

    def receive(self, page: room_events.Rooms) -> None:
        """Take a page: the beginning of the list, which comes with a join, or a further one."""
        if page.ref is None:
            self.rooms.clear()
        listed = len(self.rooms)
        for info in page.rooms:
            self.change(info)
        self.more = page.more
        if page.more and len(self.rooms) > listed and page.rooms[-1].joined:
            self.load_more()

    def change(self, info: RoomInfo) -> RoomInfo:
        """A room is new or has changed; return it as it is now. No more than MAX_ROOMS are listed."""
        before = self.rooms.get(info.room)
        if before:
            kept = {name: getattr(before, name) for name in _PERSONAL if getattr(info, name) is None}
            info = replace(info, **kept)
        if before or len(self.rooms) < MAX_ROOMS:
            self.rooms[info.room] = info
        return info

    def change_read(self, read: room_events.Read) -> None:
        """The person has read, on this device or another."""
        if info := self.rooms.get(read.room):
            self.rooms[read.room] = replace(info, read=read.seq, unread=read.unread, mentions=read.mentions)

    def set_joined(self, room: str, *, joined: bool) -> None:
        """The client is in a room, or no longer."""
        if self.rooms and (joined or room in self.rooms):
            self.change(replace(self.rooms.get(room) or RoomInfo(room), joined=joined))

    def load_more(self) -> None:
        """Ask for the rooms after the last one."""
        last = next(reversed(self.rooms), None)
        self.wish("", "rooms", commands.Rooms(after=last))

    def title_of(self, room: str) -> str:
        """What this room is called: a private one as the other person."""
        info = self.rooms.get(room)
        return info.private_with.nickname if info and info.private_with else room

    def wish(self, room: str, kind: RequestKind, command: Requested) -> None:
        """Send this command as soon as that is possible, also after a loss of the connection."""
        if (room, kind, command) not in self._wishes:
            self._wishes.append((room, kind, command))

    def wanted(self) -> Iterator[tuple[str, RequestKind, Requested]]:
        """What to send now, in order."""
        yield from self._wishes

    def fulfilled(self, request: Request) -> None:
        """The server has answered this request, or refused it."""
        wish = (request.room, request.kind, replace(request.command, id=None))
        if wish in self._wishes:
            self._wishes.remove(wish)
