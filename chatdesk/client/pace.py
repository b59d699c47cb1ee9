"""Who may say what when: slow mode, messages that wait for approval, hands and questions without a name."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import ceil, inf

from chatdesk.client.changes import Change, NoticeReceived, PaceChanged
from chatdesk.client.room_list import MAX_ROOMS
from chatdesk.client.state import ChatState
from chatdesk.protocol import events, pace_commands, pace_events
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.pace_commands import PaceCommand
from chatdesk.protocol.pace_events import Hand, HeldMessage

_MOST_HELD = 1000
"""Messages that are kept to be decided about: ten times what a host keeps of a room."""
_LOST = "The connection was lost: look whether your question is there."


@dataclass(slots=True)
class RoomPace:
    """The pace of one room, as far as it concerns the person. Moments are seconds of ``time.monotonic``."""

    held: dict[int, HeldMessage] = field(default_factory=dict)
    """Messages that wait, by number: all of the room for those who decide, and the own ones."""
    own: dict[str, int] = field(default_factory=dict)
    """The numbers of the own ones, declined ones included, by the id that they have in the outbox."""
    hands: list[Hand] = field(default_factory=list)
    """The first ones, in order."""
    count: int = 0
    """Of all hands."""
    place: int = 0
    """Of the own hand, from 1; 0 if it is not raised."""
    called_by: str = ""
    """Who has called the person; empty once they have seen it."""
    posted_at: float = -inf
    """When the person has written last."""
    until: float = -inf
    """When they may write again, as the host has said."""

    def forget(self) -> None:
        """The connection is lost: what was known comes again."""
        self.held.clear()
        self.hands, self.count, self.place = [], 0, 0


class Pace:
    """The pace of all rooms, for one client. ``may`` tells whether the person has a right in a room."""

    def __init__(
        self,
        state: ChatState,
        may: Callable[[str, str], bool],
        send: Callable[[PaceCommand], object],
        publish: Callable[[list[Change]], None],
    ) -> None:
        self._state = state
        self._may = may
        self._send = send
        self._publish = publish
        self._rooms: dict[str, RoomPace] = {}
        self._asked: dict[str, Callable[[str], None]] = {}

    # What is known

    def of(self, room: str) -> RoomPace:
        """The pace of a room."""
        return self._rooms.get(room) or RoomPace()

    @property
    def waiting(self) -> Iterator[tuple[str, HeldMessage]]:
        """The messages that the person decides about, with their rooms, the oldest first."""
        deciding = (name for name in self._rooms if self._may(name, "approve"))
        held = [(room, message) for room in deciding for message in self._rooms[room].held.values()]
        yield from sorted(held, key=lambda each: each[1].held)

    def wait(self, room: str) -> int:
        """In how many seconds the person may write in a room, by its pace now and their last message."""
        info, mine = self._state.list.rooms.get(room), self.of(room)
        if info is None or not info.slow or self._may(room, "speak_freely"):
            return 0
        return ceil(max(0.0, mine.posted_at + info.slow - time.monotonic(), mine.until - time.monotonic()))

    def closed(self, room: str) -> bool:
        """Whether only the host and moderators write in a room, and the person is none of them."""
        info = self._state.list.rooms.get(room)
        return bool(info and info.announce) and not self._may(room, "speak_freely")

    # What the person does

    def send(self, command: PaceCommand) -> None:
        """Have something of the pace; a refusal comes as a notice."""
        if self._state.online:
            self._send(command)

    def ask(self, content: str, reply: Callable[[str], None]) -> None:
        """Ask without one's name in the shown room; ``reply`` gets why it was refused, or nothing if it was taken."""
        if not self._state.online:
            reply("The connection is lost: try again when it is back.")
            return
        ref = secrets.token_hex(8)
        self._asked[ref] = reply
        self._send(pace_commands.Ask(content, self._state.shown.name, ref))

    def withdraw(self, message_id: str) -> None:
        """Let the host forget an own message that waits or was declined, by its id in the outbox."""
        for room in self._rooms.values():
            if (number := room.own.pop(message_id, None)) is not None:
                self.send(pace_commands.Withdraw(number))

    def raise_hand(self, active: bool = True) -> None:
        """Raise one's hand in the shown room, or lower it."""
        self.seen_call()
        self.send(pace_commands.Hand(active, self._state.shown.name))

    def seen_call(self) -> None:
        """The person has seen that they were called in the shown room."""
        if (room := self.of(self._state.shown.name)).called_by:
            room.called_by = ""
            self._publish([PaceChanged()])

    # What the host says

    def receive(self, event: events.Event) -> bool:
        """Take note of an event. Returns whether it is of this, and means nothing to anybody else."""
        match event:
            case events.Message() if self._state.own.is_mine(event):
                self._room(event.room or self._state.home.name).posted_at = time.monotonic()
                self._publish([PaceChanged()])
                return False
            case events.Error():
                return self._refused(event)
            case pace_events.Asked():
                self._answer(event.ref, "")
                self._publish([NoticeReceived(event.content)])
                return True
            case pace_events.Held() | pace_events.Decided():
                self._note_held(event)
            case pace_events.Hands() | pace_events.Called() | pace_events.Wait():
                self._note(event)
            case _:
                return False
        self._publish([PaceChanged()])
        return isinstance(event, pace_events.Hands | pace_events.Called | pace_events.Wait)

    def disconnected(self) -> None:
        """The connection is lost, and with it what the host has not answered."""
        for room in self._rooms.values():
            room.forget()
        asked, self._asked = self._asked, {}
        for reply in asked.values():
            reply(_LOST)
        self._publish([PaceChanged()])

    def _room(self, name: str) -> RoomPace:
        """The pace of a room, to be changed; of one that no list has, nothing is kept."""
        known = name in self._state.rooms or name in self._state.list.rooms
        if not known:
            return self.of(name)
        if name not in self._rooms and len(self._rooms) >= MAX_ROOMS:
            del self._rooms[next(iter(self._rooms))]  # of a room that is gone, in a chat that always makes new ones
        return self._rooms.setdefault(name, RoomPace())

    def _note_held(self, event: pace_events.Held | pace_events.Decided) -> None:
        room = self._room(event.room)
        if isinstance(event, pace_events.Decided):
            room.held.pop(event.held, None)
            if event.id and not event.declined:
                room.own.pop(event.id, None)
            return
        if event.all:
            room.held.clear()
        free = _MOST_HELD - sum(len(each.held) for each in self._rooms.values())
        for message in event.messages:
            if message.id and self._state.own.is_mine(message) and len(room.own) < _MOST_HELD:
                room.own[message.id] = message.held
                room.posted_at = room.posted_at if event.all else time.monotonic()
            if not message.declined and free > 0:
                free -= message.held not in room.held
                room.held[message.held] = message

    def _note(self, event: pace_events.Hands | pace_events.Called | pace_events.Wait) -> None:
        room, own = self._room(event.room), self._state.own
        match event:
            case pace_events.Wait():
                room.until = time.monotonic() + event.seconds
            case pace_events.Called() if own.is_mine(event):
                room.called_by, room.place = event.by, 0
            case pace_events.Hands():
                mine = next((place for place, hand in enumerate(event.hands, 1) if own.is_mine(hand)), 0)
                is_behind = not mine and event.place is None and room.place > 0 and event.count > len(event.hands)
                room.hands, room.count = event.hands, event.count
                room.place = (mine or (room.place if is_behind else 0)) if event.place is None else event.place
                if is_behind:
                    self.send(pace_commands.Hands(event.room))

    def _refused(self, error: events.Error) -> bool:
        request = self._state.requests.find(error.ref)
        if request and error.code == ErrorCode.SLOW_MODE and error.retry_after:
            self._room(request.room).until = time.monotonic() + error.retry_after
            self._publish([PaceChanged()])
        return self._answer(error.ref, error.content)

    def _answer(self, ref: str | None, refusal: str) -> bool:
        reply = self._asked.pop(ref or "", None)
        if reply:
            reply(refusal)
        return reply is not None
