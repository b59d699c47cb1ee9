"""What the person is notified of while they look elsewhere, and what of it is still worth showing.

The page follows the same rule (``js/notifications.js``); scenarios in ``tests/conformance`` keep both
equal. Pure, as ``ChatState``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from chatdesk.client.changes import (
    Change,
    Ended,
    InRoom,
    MissedMessages,
    NewMessage,
    NotificationsChanged,
    StatusChanged,
)
from chatdesk.client.notification_words import Place, missed_words, words
from chatdesk.client.state import ChatState
from chatdesk.protocol import events
from chatdesk.protocol.events import Message

MISSED = ""
"""The key of the one notification about all messages that came while the connection was lost."""
_MOST_KEPT = 50
"""Messages of a notification that are remembered, the last ones; earlier ones are only counted."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One for each room, and one with the key ``MISSED``, for a service that shows it beside other programs' ones.

    A click leads to the message ``seq`` of ``room``. ``quiet`` stands for ``body`` where nobody may read along. When
    ``news`` is higher than before there is something new to notify of; otherwise only its words have changed.
    """

    key: str
    room: str
    seq: int
    title: str
    body: str
    quiet: str
    news: int


@dataclass(slots=True)
class _Waiting:
    """A message that the person has been notified of and has not read; ``epoch`` is that of its log."""

    room: str
    epoch: str
    message: Message


class Notifications:
    """Decides what notifies: see ``_notifies``. ``shown`` are the notifications that are worth showing now.

    They are replaced when a message of them is edited, and go with the last message that is read, here or on another
    device, or deleted.
    """

    def __init__(self, state: ChatState) -> None:
        self._state = state
        self.present = True
        """Whether the person looks at the chat."""
        self.shown: tuple[Notification, ...] = ()
        self._waiting: dict[str, list[_Waiting]] = {}
        self._earlier: dict[str, int] = {}
        """How many waiting messages of a notification are not remembered."""
        self._news: dict[str, int] = {}

    def update(self, event: events.Event) -> None:
        """Show messages that were edited or deleted as they are now."""
        if not self._waiting:
            return
        match event:
            case events.Updated(message=message):
                messages = [message]
            case events.History(messages=messages):
                pass
            case _:
                return
        room = event.room or self._state.home.name
        states = {message.seq: message for message in messages}
        for waiting in self._all_waiting():
            now = states.get(waiting.message.seq)
            if now and waiting.room == room and now.change >= waiting.message.change:
                waiting.message = now

    def refresh(self, changes: Iterable[Change]) -> list[Change]:
        """These changes have happened: notify of new messages in them, and forget what needs no notification now."""
        for change in changes:
            self._take(change, self._state.shown.name)
        if not self._waiting and not self.shown:
            return []
        for key in list(self._waiting):
            self._forget_read(key)
        before, self.shown = self.shown, tuple(map(self._notification, self._waiting))
        return [NotificationsChanged()] if self.shown != before else []

    def dismiss(self, key: str) -> None:
        """The person has put a notification away: the next one of its room does not count these messages."""
        if self._waiting.pop(key, None):
            self._earlier.pop(key, None)
            self.shown = tuple(shown for shown in self.shown if shown.key != key)

    def _take(self, change: Change, room: str) -> None:
        match change:
            case InRoom(room=other, changes=inner):
                for each in inner:
                    self._take(each, other)
            case NewMessage(message=message):
                self._notify(room, room, [message])
            case MissedMessages(messages=messages):
                self._notify(MISSED, room, messages)
            case StatusChanged(status=Ended()):
                self._waiting.clear()
                self._earlier.clear()

    def _notify(self, key: str, room: str, messages: Iterable[Message]) -> None:
        new = [message for message in messages if not self._is_busy and self._notifies(room, message)]
        if not new:
            return
        epoch = self._state.rooms[room].transcript.epoch
        waiting = self._waiting.setdefault(key, [])
        known = {(each.room, each.message.seq) for each in waiting}
        waiting += [_Waiting(room, epoch, message) for message in new if (room, message.seq) not in known]
        self._earlier[key] = self._earlier.get(key, 0) + max(0, len(waiting) - _MOST_KEPT)
        del waiting[:-_MOST_KEPT]
        self._news[key] = self._news.get(key, 0) + 1

    def _notifies(self, room: str, message: Message) -> bool:
        """Whether a message is worth a notification: by the room's level, unless the person looks at the room.

        A private message counts as a mention. A server that lists no rooms keeps no levels.
        """
        entered, info = self._state.rooms.get(room), self._state.list.rooms.get(room)
        if entered is None or message.deleted or (self.present and self._state.shown is entered):
            return False
        if self._state.is_mine(message) or entered.read_position.seq >= message.seq:
            return False
        if info is None:
            return True
        if info.archived or info.level == "nothing":
            return False
        return info.level != "mentions" or info.private_with is not None or self._state.own.is_mentioned(message)

    @property
    def _is_busy(self) -> bool:
        """Whether the person has said, on this device or another, that they do not want to be disturbed."""
        own = self._state.own
        listed = self._state.home.people.here.get(own.nickname)
        return own.availability == "busy" or (listed is not None and listed.status == "busy")

    def _forget_read(self, key: str) -> None:
        before = self._waiting[key]
        kept = [each for each in before if self._is_current(each)]
        if len(kept) < len(before) and kept and not self._is_current(before[0]):
            self._earlier[key] = 0  # read from the first one on
        if kept:
            self._waiting[key] = kept
        else:
            del self._waiting[key]
            self._earlier.pop(key, None)

    def _is_current(self, waiting: _Waiting) -> bool:
        room = self._state.rooms.get(waiting.room)
        if room is None or room.transcript.epoch != waiting.epoch:
            return False
        return self._notifies(waiting.room, waiting.message)

    def _all_waiting(self) -> Iterator[_Waiting]:
        for each in self._waiting.values():
            yield from each

    def _notification(self, key: str) -> Notification:
        waiting = self._waiting[key]
        count = len(waiting) + self._earlier.get(key, 0)
        first = waiting[0]
        said = self._missed(waiting, count) if key == MISSED else self._said(first.room, waiting, count)
        return Notification(key, first.room, first.message.seq, *said, self._news[key])

    def _said(self, room: str, waiting: Sequence[_Waiting], count: int) -> tuple[str, str, str]:
        mentions = sum(self._state.own.is_mentioned(each.message) for each in waiting)
        return words(self._place(room), waiting[-1].message, count, mentions)

    def _missed(self, waiting: Sequence[_Waiting], count: int) -> tuple[str, str, str]:
        rooms = [room for room, _ in groupby(waiting, lambda each: each.room)]
        return missed_words([self._place(room) for room in dict.fromkeys(rooms)], count)

    def _place(self, room: str) -> Place:
        info = self._state.list.rooms.get(room)
        partner = info.private_with if info else None
        return Place(room, partner.nickname if partner else None)
