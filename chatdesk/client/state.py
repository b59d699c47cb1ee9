"""What the client knows about its room. Pure: events and times go in, changes come out."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from chatdesk.client.changes import (
    Change,
    Confirmed,
    Connecting,
    Discarded,
    Ended,
    NewMessage,
    NoticeReceived,
    NotSent,
    Online,
    Resumed,
    RoomChanged,
    Sending,
    Status,
    StatusChanged,
    StorageChanged,
    TranscriptReset,
)
from chatdesk.client.outbox import Outbox, Outgoing
from chatdesk.client.people import People
from chatdesk.client.read_position import Divider, ReadPosition
from chatdesk.client.search import SearchResults, SearchState
from chatdesk.client.transcript import Transcript
from chatdesk.protocol import events
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.names import nickname_key

RATE_PAUSE_SECONDS = 1.0
"""How long to wait before a message that came too fast is sent again."""
STORAGE_PAUSE_SECONDS = 3.0
"""How long to wait before a message that the server could not store is sent again."""

_RETRYABLE = frozenset({ErrorCode.RATE_LIMITED, ErrorCode.STORAGE})
_NICKNAME_ERRORS = frozenset({ErrorCode.BAD_NICKNAME, ErrorCode.NICKNAME_TAKEN})
_key = lru_cache(maxsize=1024)(nickname_key)
"""The cache holds the nicknames of a large room; a key costs Unicode normalization."""
_OTHER_CHAT = "This may be another chat than the one it was written for. Send it again if it is for the people here."


class ChatState:
    """The state of one room. Times are seconds of a monotonic clock."""

    def __init__(self, nickname: str, room: str = "lobby", token: str | None = None) -> None:
        self.nickname = nickname
        self.room = room
        self.token = token
        self.server: events.ServerInfo | None = None
        self.limits: events.Limits | None = None
        self.status: Status = Connecting()
        self.transcript = Transcript()
        self.outbox = Outbox()
        self.search_state = SearchState()
        self.read_position = ReadPosition()
        self.storage_problem = ""
        """Why the host cannot store messages: a sentence, empty when it can."""
        self._people = People()
        self._welcomed = False
        self._own_keys: set[str] = set()

    @property
    def messages(self) -> list[events.Message]:
        """The loaded messages, in order and without a gap."""
        return self.transcript.messages

    @property
    def search(self) -> SearchResults:
        """The query and its results."""
        return self.search_state.results

    @property
    def unread(self) -> Divider | None:
        """The divider above the messages that are new to the person."""
        return self.read_position.divider

    @property
    def people(self) -> dict[str, events.User]:
        """The people in the room, by nickname."""
        return self._people.here

    @property
    def user_count(self) -> int:
        """How many people are in the room."""
        return self._people.count

    @property
    def typing(self) -> list[str]:
        """The other people who are typing, in the order in which they began."""
        return self._people.typing

    def short_name(self, nickname: str) -> str:
        """The name of a person of this room in a sentence."""
        return self._people.short_name(nickname)

    @property
    def online(self) -> bool:
        """Whether the client is in the room."""
        return isinstance(self.status, Online)

    def apply(self, event: events.Event, now: float) -> list[Change]:
        """Apply an event of the server that came at the time ``now``; return the changes.

        Raises InvalidEventError for an event that contradicts itself.
        """
        match event:
            case events.Message():
                return self._message(event)
            case events.Presence():
                return self._people.change(
                    event.joined, self._others(gone.nickname for gone in event.left), event.user_count
                )
            case events.Typing():
                return self._set_typing(event, now)
            case events.History():
                return self._history(event)
            case events.Users():
                return self._people.reset(event)
            case events.UserJoined():
                return self._people.change([_user(event)], [], event.user_count)
            case events.UserLeft():
                return self._people.change([], self._others([event.nickname]), event.user_count)
            case events.Welcome():
                return self._welcome(event)
            case events.Error():
                return self._error(event, now)
            case events.Search():
                return self.search_state.receive(event)
            case events.Storage():
                return self._storage(event)
            case events.Reach() | events.Pong() | events.Proof() | events.Updated() | events.Exited():
                return []  # the client handles the first three; messages do not change yet
            case events.System():
                return [NoticeReceived(event.content, event.code)] if self.online else []

    def expire(self, now: float) -> list[Change]:
        """Remove people whose typing was not renewed."""
        return self._people.expire(now)

    def set_status(self, status: Status) -> list[Change]:
        """Set the status of the connection."""
        if status == self.status:
            return []
        self.status = status
        return [StatusChanged(status)]

    def disconnected(self) -> list[Change]:
        """The connection is lost: messages stay, and what was not acknowledged is sent again."""
        self._welcomed = False
        self.transcript.disconnected()
        self.search_state.disconnected()
        self.outbox.disconnected()
        return self._people.stop_typing(self.typing)

    def _others(self, nicknames: Iterable[str]) -> list[str]:
        """Without the person's own nickname: a client that hears of its own leave has not left."""
        return [nickname for nickname in nicknames if nickname != self.nickname]

    # Own messages

    def queue(self, entry: Outgoing) -> list[Change]:
        """Add a message to the outbox; it is sent when its turn comes."""
        self.outbox.add(entry)
        return [Sending(entry), *self.read_position.message_sent()]

    def restore(self, entries: Iterable[Outgoing], epoch: str, read: int) -> list[Change]:
        """Restore what was saved: messages of the last run are sent before those written since."""
        self.read_position.restore(epoch, read)
        return [NotSent(entry) if entry.error else Sending(entry) for entry in self.outbox.restore(entries)]

    def show_unverified(self, entries: Iterable[Outgoing]) -> list[Change]:
        """Show messages that may be for this chat or for another one: the person decides."""
        held = [replace(entry, error=entry.error or _OTHER_CHAT) for entry in entries if entry.id not in self.outbox]
        return [NotSent(entry) for entry in self.outbox.restore(held)]

    def fail(self, message_id: str, sentence: str) -> list[Change]:
        """Mark an own message as refused."""
        return [NotSent(self.outbox.fail(message_id, sentence))]

    def resend(self, message_id: str) -> list[Change]:
        """Retry a refused message."""
        return [Sending(self.outbox.resend(message_id))] if message_id in self.outbox else []

    def discard(self, message_id: str) -> list[Change]:
        """Remove a refused message."""
        return [Discarded(message_id)] if self.outbox.discard(message_id) else []

    # What the person has seen

    def mark_read(self, seq: int) -> None:
        """The person has seen the messages up to this one."""
        self.read_position.mark(seq, self.transcript.newest)

    def mark_away(self) -> list[Change]:
        """The person looks elsewhere."""
        return self.read_position.mark_away(self.transcript)

    def mark_present(self) -> list[Change]:
        """The person looks at the chat again."""
        return self.read_position.mark_present(self.transcript)

    def go_to_latest(self) -> list[Change]:
        """Jump to the newest messages."""
        return [*self.read_position.divide_unread(self.transcript), *self.transcript.go_to_latest()]

    # What the server says

    def _welcome(self, welcome: events.Welcome) -> list[Change]:
        another = self.server is not None and (self.server.id, self.token) != (welcome.server.id, welcome.token)
        self._welcomed = True
        self.nickname = welcome.nickname
        self._own_keys.add(_key(welcome.nickname))
        self.token = welcome.token
        self.room = welcome.room
        self.server = welcome.server
        self.limits = welcome.limits
        return [RoomChanged(), *self._set_storage_problem(""), *(self._hold_waiting() if another else [])]

    def _hold_waiting(self) -> list[Change]:
        """Messages written for one chat are not sent to another one that has its address or claims its id."""
        waiting = [entry.id for entry in self.outbox if entry.error is None]
        return [change for message_id in waiting for change in self.fail(message_id, _OTHER_CHAT)]

    def _history(self, page: events.History) -> list[Change]:
        """Apply a page. The page after a welcome ends the join: from here on the client is online."""
        before = self.transcript.epoch
        changes = [*self._confirm(page.messages), *self.transcript.receive_page(page)]
        if page.epoch != self.transcript.epoch:
            return changes  # the answer to a request that is no longer wanted
        self.read_position.add_own(filter(self._is_own, page.messages))
        if self._welcomed and not self.online:
            changes += self.read_position.joined(self.transcript)
            changes += self.set_status(Online(self._resume_outcome(before, changes)))
        elif before != page.epoch:
            changes += self.read_position.reset(self.transcript)
        if before and before != page.epoch:
            changes += self.search_state.restart()
        return [*changes, *self.read_position.locate_divider(self.transcript)]

    def _resume_outcome(self, epoch: str, changes: list[Change]) -> Resumed | None:
        """How much of the log survived since ``epoch`` was last seen."""
        if not epoch:
            return None
        if epoch != self.transcript.epoch:
            return "none"
        return "some" if TranscriptReset() in changes else "all"

    def _message(self, message: events.Message) -> list[Change]:
        own = self._is_own(message)
        self.read_position.add_own([message] if own else [])
        heard = [NewMessage(message)] if self.online and not own and message.seq > self.transcript.newest else []
        return [
            *self._confirm([message]),
            *self.transcript.receive(message),
            *heard,
            *self._people.stop_typing([message.nickname]),
        ]

    def _confirm(self, messages: Iterable[events.Message]) -> list[Change]:
        return [
            Confirmed(message.id)
            for message in messages
            if message.id and message.id in self.outbox and self._is_own(message) and self.outbox.confirm(message.id)
        ]

    def _is_own(self, message: events.Message) -> bool:
        """Whether this may be an own message, sent under a nickname that the person has or had."""
        return _key(message.nickname) in self._own_keys

    def _set_typing(self, typing: events.Typing, now: float) -> list[Change]:
        if not typing.active:
            return self._people.stop_typing([typing.nickname])
        return [] if typing.nickname == self.nickname else self._people.start_typing(typing.nickname, now)

    def _storage(self, storage: events.Storage) -> list[Change]:
        if not storage.problem:
            self.outbox.release()
        return self._set_storage_problem((storage.content or storage.problem) if storage.problem else "")

    def _set_storage_problem(self, sentence: str) -> list[Change]:
        if sentence == self.storage_problem:
            return []
        self.storage_problem = sentence
        return [StorageChanged()]

    def _error(self, error: events.Error, now: float) -> list[Change]:
        if not self._welcomed:
            return self._refused_join(error)
        ref = error.ref or ""
        for_now = error.code in _RETRYABLE
        if ref in self.outbox:
            return self._refused_message(error, ref, now)
        if self.transcript.request_refused(ref, for_now=for_now):
            return [] if for_now else [NoticeReceived(error.content)]
        if ref == "search":
            return self._refused_search(error)
        return [NoticeReceived(error.content)]

    def _refused_join(self, error: events.Error) -> list[Change]:
        if error.code == ErrorCode.STORAGE:
            return self._set_storage_problem(error.content)
        return self.set_status(Ended(error.content, error.code in _NICKNAME_ERRORS))

    def _refused_message(self, error: events.Error, message_id: str, now: float) -> list[Change]:
        match error.code:
            case ErrorCode.RATE_LIMITED:
                self.outbox.delay(message_id, now + RATE_PAUSE_SECONDS)
            case ErrorCode.STORAGE:
                self.outbox.delay(message_id, now + STORAGE_PAUSE_SECONDS)
            case _:
                return self.fail(message_id, error.content)
        return []

    def _refused_search(self, error: events.Error) -> list[Change]:
        if error.code != ErrorCode.RATE_LIMITED:
            return self.search_state.fail(error.content)
        self.search_state.refuse()
        return []


def _user(event: events.UserJoined) -> events.User:
    return events.User(event.nickname, "online", event.timestamp, event.client, event.host)
