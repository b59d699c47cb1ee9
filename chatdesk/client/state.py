"""What the client knows about its room. Pure: events and the time go in, changes come out."""

from collections.abc import Iterable

from chatdesk.client.changes import (
    Change,
    Confirmed,
    Connecting,
    Discarded,
    Ended,
    Noticed,
    NotSent,
    Online,
    PeopleChanged,
    PeopleReset,
    Resumed,
    RoomChanged,
    Sending,
    StartedOver,
    Status,
    StatusChanged,
    TypingChanged,
)
from chatdesk.client.outbox import Outbox, Outgoing
from chatdesk.client.sanity import UnreadableEventError
from chatdesk.client.transcript import Transcript
from chatdesk.protocol import events
from chatdesk.protocol.errors import ErrorCode

TYPING_SECONDS = 5.0
"""How long somebody who typed is shown without a renewal."""
RATE_PAUSE_SECONDS = 1.0
"""How long to wait before saying again what came too fast."""

_MOST_TYPING = 100
_MOST_PEOPLE = 20_000
_NICKNAME_ERRORS = frozenset({ErrorCode.BAD_NICKNAME, ErrorCode.NICKNAME_TAKEN})


class ChatState:
    """One room, as far as the client has heard. Times are seconds of one clock that never goes back."""

    def __init__(self, nickname: str, room: str = "lobby", token: str | None = None) -> None:
        self.nickname = nickname
        self.room = room
        self.token = token
        self.server: events.ServerInfo | None = None
        self.limits: events.Limits | None = None
        self.status: Status = Connecting()
        self.transcript = Transcript()
        self.outbox = Outbox()
        self.people: dict[str, events.User] = {}
        self.user_count = 0
        self._typing: dict[str, float] = {}
        self._welcomed = False

    @property
    def messages(self) -> list[events.Message]:
        """What was said, in order, without a gap."""
        return self.transcript.messages

    @property
    def typing(self) -> list[str]:
        """Who else is typing, in the order they began."""
        return list(self._typing)

    @property
    def online(self) -> bool:
        """Whether the client is in the room."""
        return isinstance(self.status, Online)

    def apply(self, event: events.Event, now: float) -> list[Change]:
        """Take in what the server says at the time ``now``.

        Raises UnreadableEventError for what contradicts itself.
        """
        match event:
            case events.Message():
                return self._message(event)
            case events.Presence():
                return self._presence(event.joined, event.left, event.user_count)
            case events.Typing():
                return self._set_typing(event.nickname, now + TYPING_SECONDS if event.active else None)
            case events.History():
                return self._history(event)
            case events.Users():
                return self._users(event)
            case events.UserJoined():
                return self._presence([_user(event)], [], event.user_count)
            case events.UserLeft():
                return self._presence([], [event.nickname], event.user_count)
            case events.Welcome():
                return self._welcome(event)
            case events.Error():
                return self._error(event, now)
            case events.System():
                return [Noticed(event.content)] if self.online else []

    def expire(self, now: float) -> list[Change]:
        """Let those who have stopped typing without a word disappear."""
        gone = [nickname for nickname, until in self._typing.items() if until <= now]
        for nickname in gone:
            del self._typing[nickname]
        return [TypingChanged()] if gone else []

    def set_status(self, status: Status) -> list[Change]:
        """Say how the connection is."""
        if status == self.status:
            return []
        self.status = status
        return [StatusChanged(status)]

    def disconnected(self) -> list[Change]:
        """The connection has gone; what was said stays, and what was not acknowledged goes out again."""
        self._welcomed = False
        self.transcript.disconnected()
        self.outbox.disconnected()
        return self._stop_typing(list(self._typing))

    # One's own messages

    def queue(self, entry: Outgoing) -> list[Change]:
        """Say something; it goes out when its turn comes."""
        self.outbox.add(entry)
        return [Sending(entry)]

    def fail(self, message_id: str, sentence: str) -> list[Change]:
        """Mark an own message as refused."""
        return [NotSent(self.outbox.fail(message_id, sentence))]

    def resend(self, message_id: str) -> list[Change]:
        """Try a refused message again."""
        return [Sending(self.outbox.resend(message_id))] if message_id in self.outbox else []

    def discard(self, message_id: str) -> list[Change]:
        """Throw a refused message away."""
        return [Discarded(message_id)] if self.outbox.discard(message_id) else []

    # What the server says

    def _welcome(self, welcome: events.Welcome) -> list[Change]:
        self._welcomed = True
        self.nickname = welcome.nickname
        self.token = welcome.token
        self.room = welcome.room
        self.server = welcome.server
        self.limits = welcome.limits
        return [RoomChanged()]

    def _history(self, page: events.History) -> list[Change]:
        """The page after a welcome ends the join: from here on the client is online."""
        before = self.transcript.epoch
        changes = [*self._confirm(page.messages), *self.transcript.receive_page(page)]
        if self._welcomed and not self.online:
            changes += self.set_status(Online(self._resumed(before, changes)))
        return changes

    def _resumed(self, epoch: str, changes: list[Change]) -> Resumed | None:
        """How much has survived since the client last heard of the room's log in its incarnation ``epoch``."""
        if not epoch:
            return None
        if epoch != self.transcript.epoch:
            return "none"
        return "some" if StartedOver() in changes else "all"

    def _message(self, message: events.Message) -> list[Change]:
        return [
            *self._confirm([message]),
            *self.transcript.receive(message),
            *self._stop_typing([message.nickname]),
        ]

    def _confirm(self, messages: Iterable[events.Message]) -> list[Change]:
        return [
            Confirmed(message.id)
            for message in messages
            if message.id and message.nickname == self.nickname and self.outbox.confirm(message.id)
        ]

    def _users(self, users: events.Users) -> list[Change]:
        self.people = {user.nickname: user for user in users.users}
        self.user_count = users.user_count
        gone = [nickname for nickname in self._typing if nickname not in self.people]
        return [PeopleReset(), *self._stop_typing(gone)]

    def _presence(self, joined: Iterable[events.User], left: Iterable[str], user_count: int) -> list[Change]:
        self.user_count = user_count
        came = tuple(user for user in joined if user.nickname not in self.people)
        self.people.update((user.nickname, user) for user in came)
        gone = tuple(nickname for nickname in left if self.people.pop(nickname, None))
        if len(self.people) > _MOST_PEOPLE:
            raise UnreadableEventError("more people than a room holds")
        return [PeopleChanged(came, gone), *self._stop_typing(gone)]

    def _set_typing(self, nickname: str, until: float | None) -> list[Change]:
        if until is None:
            return self._stop_typing([nickname])
        known = nickname in self._typing
        if nickname == self.nickname or (not known and len(self._typing) >= _MOST_TYPING):
            return []
        self._typing[nickname] = until
        return [] if known else [TypingChanged()]

    def _stop_typing(self, nicknames: Iterable[str]) -> list[Change]:
        stopped = [nickname for nickname in nicknames if self._typing.pop(nickname, None) is not None]
        return [TypingChanged()] if stopped else []

    def _error(self, error: events.Error, now: float) -> list[Change]:
        if not self._welcomed:
            return self.set_status(Ended(error.content, error.code in _NICKNAME_ERRORS))
        if error.ref and error.ref in self.outbox:
            if error.code == ErrorCode.RATE_LIMITED:
                self.outbox.delay(error.ref, now + RATE_PAUSE_SECONDS)
                return []
            return self.fail(error.ref, error.content)
        if error.ref == "history":
            self.transcript.refused()
            return []
        return [Noticed(error.content)]


def _user(event: events.UserJoined) -> events.User:
    return events.User(event.nickname, "online", event.timestamp, event.client, event.host)
