"""The list of rooms as the server tells it, and what the person wants changed in it. Pure, as ``ChatState``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace

from chatdesk.client.requests import Request, Requested, RequestKind
from chatdesk.client.room_state import RoomState
from chatdesk.protocol import fields, room_commands, room_events
from chatdesk.protocol.fields import Level
from chatdesk.protocol.limits import NAME_QUERY_CHARS
from chatdesk.protocol.room_events import Partner, RoomInfo

MAX_ROOMS = 2_000
"""Rooms that are listed, whatever a server tells: each is a row in every view."""
_PERSONAL = ("private_with", "joined", "level", "read", "unread", "mentions")
"""What the server leaves out where it tells everybody the same."""


class PaceSettings(NamedTuple):
    """The pace of a room, as in the command ``pace``: one message in ``slow`` seconds, and what is on."""

    slow: int = 0
    announce: bool = False
    hold: bool = False
    nameless: bool = False


_AT_ANY_PACE = PaceSettings()


@dataclass(frozen=True, slots=True)
class RoomSummary:
    """A row of the list of rooms; ``name`` is what commands need.

    ``partner`` is the other person of a private room. ``messages``: how many it holds, as far as the client has heard.
    A ``closed`` room is for the host alone. ``entry``: it asks for a ``password``, or is ``locked``.
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
    messages: int = 0
    entry: tuple[str, ...] = ()
    pace: PaceSettings = _AT_ANY_PACE

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


class RoomList:
    """The rooms that the server has told of, by name; none where it lists no rooms."""

    def __init__(self) -> None:
        self.rooms: dict[str, RoomInfo] = {}
        self.private_messages: fields.PrivateMessages = "everyone"
        """Between whom these are possible, as the host was told last."""
        self.more = False
        """Whether the server has further rooms; one searches for them, or loads them."""
        self.found: dict[str, RoomInfo] = {}
        """What the server has found for ``query``, listed or not."""
        self.query = ""
        """What rooms are searched for; empty while nobody does."""
        self._searching = False
        """Whether no answer to ``query`` has come yet."""
        self._last = ""
        """The last room of the last page, after which the next one begins."""
        self._wishes: list[tuple[str, RequestKind, Requested]] = []

    def receive(self, page: room_events.Rooms, asked: Requested | None = None) -> None:
        """Take a page: the beginning of the list, which comes with a join, or a further one, or what was found."""
        if isinstance(asked, room_commands.Rooms) and asked.query:
            if asked.query == self.query:
                self.found = {info.room: info for info in page.rooms}
            return
        self.private_messages = page.private_messages
        if page.ref is None:
            self.rooms.clear()
            self._search_again()
        listed = len(self.rooms)
        for info in page.rooms:
            self.change(info)
        self.more, self._last = page.more, page.rooms[-1].room if page.rooms else ""
        if page.more and len(self.rooms) > listed and page.rooms[-1].joined:
            self.load_more()

    def change(self, info: RoomInfo) -> RoomInfo:
        """A room is new or has changed; return it as it is now.

        No more than MAX_ROOMS are listed: one that the person belongs to takes the place of one that they do not.
        """
        before = self.rooms.get(info.room)
        if before:
            kept = {name: getattr(before, name) for name in _PERSONAL if getattr(info, name) is None}
            info = replace(info, **kept)
        if before or len(self.rooms) < MAX_ROOMS or (info.joined and self._make_place()):
            self.rooms[info.room] = info
        return info

    def change_read(self, read: room_events.Read) -> None:
        """The person has read, on this device or another."""
        if info := self.rooms.get(read.room):
            self.rooms[read.room] = replace(info, read=read.seq, unread=read.unread, mentions=read.mentions)

    def forget(self, room: str) -> None:
        """The room is gone."""
        self.rooms.pop(room, None)
        self.found.pop(room, None)

    def set_joined(self, room: str, *, joined: bool) -> None:
        """The client is in a room, or no longer."""
        if self.rooms and (joined or room in self.rooms):
            self.change(replace(self.rooms.get(room) or self.found.get(room) or RoomInfo(room), joined=joined))

    @property
    def has_more(self) -> bool:
        """Whether further rooms can be loaded."""
        return self.more and len(self.rooms) < MAX_ROOMS

    def load_more(self) -> None:
        """Ask for the rooms after the last one."""
        if self.has_more:
            self.wish("", "rooms", room_commands.Rooms(after=self._last))

    def find(self, query: str) -> None:
        """Search for rooms by name, topic or other person; an empty query ends the search.

        The server is asked only for rooms beyond the listed ones, and as soon as the list says that there are any.
        """
        query = query.strip()[:NAME_QUERY_CHARS]
        if query != self.query:
            self.query, self._searching = query, bool(query)
            self.found = self.found if query else {}

    def _search_again(self) -> None:
        """What was found belongs to an earlier list."""
        self.found, self._searching = {}, bool(self.query)

    def summaries(self, entered: Mapping[str, RoomState], home: str) -> list[RoomSummary]:
        """The rows of the list; ``entered`` are the rooms that the client is in, ``home`` the name of the first one."""
        infos = sorted(self.rooms.values(), key=lambda info: (info.room != home, not info.joined, _title(info)))
        return [_summary(info, entered.get(info.room)) for info in infos]

    def found_summaries(self, entered: Mapping[str, RoomState]) -> list[RoomSummary]:
        """What was found and is not in the list."""
        return [_summary(info, entered.get(name)) for name, info in self.found.items() if name not in self.rooms]

    def waiting(self, entered: Mapping[str, RoomState]) -> int:
        """How many messages ask for the person's attention in all rooms."""
        own = (info for info in self.rooms.values() if info.joined)
        return sum(_summary(info, entered.get(info.room)).waiting for info in own)

    def title_of(self, room: str) -> str:
        """What this room is called: a private one as the other person."""
        info = self.rooms.get(room)
        return _title(info) if info else room

    def wish(self, room: str, kind: RequestKind, command: Requested) -> None:
        """Send this command as soon as that is possible, also after a loss of the connection."""
        if (room, kind, command) not in self._wishes:
            self._wishes.append((room, kind, command))

    def wanted(self) -> Iterator[tuple[str, RequestKind, Requested]]:
        """What to send now, in order."""
        yield from self._wishes
        if self._searching and self.more:
            yield "", "found rooms", room_commands.Rooms(query=self.query)

    def fulfilled(self, request: Request) -> None:
        """The server has answered this request, or refused it."""
        wish = (request.room, request.kind, replace(request.command, id=None))
        if wish in self._wishes:
            self._wishes.remove(wish)
        elif wish == ("", "found rooms", room_commands.Rooms(query=self.query)):
            self._searching = False

    def _make_place(self) -> bool:
        """Forget a room that the person does not belong to. Returns whether there was one."""
        other = next((name for name in reversed(self.rooms) if not self.rooms[name].joined), None)
        return self.rooms.pop(other or "", None) is not None


def _title(info: RoomInfo) -> str:
    return info.private_with.nickname if info.private_with else info.room


def _summary(info: RoomInfo, room: RoomState | None) -> RoomSummary:
    """The row of a room. What is unread in one that the client is in is known here before the server says so."""
    counted = (room.unread, room.mentions) if room and room.transcript.epoch else None
    unread, mentions = counted or (info.unread or 0, info.mentions or 0)
    since = max(0, room.transcript.newest - info.last_seq) if room and room.transcript.epoch == info.epoch else 0
    messages = info.messages + since
    kept = bool(info.joined), info.level or "all", info.newcomers
    return RoomSummary(
        info.room,
        info.topic,
        info.archived,
        info.closed,
        *kept,
        unread,
        mentions,
        info.private_with,
        messages,
        info.entry,
        PaceSettings(info.slow, info.announce, info.hold, info.nameless),
    )
