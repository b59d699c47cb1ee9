"""Changes of a ``ChatState``: each says what is new, the state itself holds everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chatdesk.client.outbox import Outgoing
from chatdesk.protocol.events import Message, User

Resumed = Literal["all", "some", "none"]
"""How much was received after a reconnect: ``some`` when the host no longer has all of it, ``none`` when its log was
reset."""


@dataclass(frozen=True, slots=True)
class Connecting:
    """Connecting for the first time."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The host has to let the person in: ``position`` is their place in the queue, from 1.

    ``since`` is when they came into it, in seconds of ``time.monotonic``. ``name`` is the chat's, ``host`` the host's.
    """

    position: int
    nickname: str
    name: str
    host: str
    since: float


@dataclass(frozen=True, slots=True)
class Online:
    """In the room. ``resumed`` is how much of the log survived a loss of the connection; None after the first join."""

    resumed: Resumed | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """Disconnected, and reconnecting automatically.

    ``since`` and ``retry_at`` are seconds of ``time.monotonic``; ``retry_at`` is None during an attempt.
    ``attempt`` counts from 1. A view should wait 5 s before it calls the chat offline: shorter losses are not worth
    attention. ``goodbye``: the host has closed the chat on purpose.
    """

    since: float
    attempt: int
    retry_at: float | None = None
    goodbye: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """Disconnected until the person does something; ``nickname_error``: another nickname may help.

    ``untrusted``: the host shows another key than the one that is known. ``token_needed``: a valid token helps,
    ``password_needed``: the password of the chat, ``invitation_needed``: an invitation. ``wrong``: what was given is
    not it, and for ``retry_after`` seconds no other is looked at.
    """

    sentence: str
    nickname_error: bool = False
    untrusted: bool = False
    token_needed: bool = False
    password_needed: bool = False
    invitation_needed: bool = False
    wrong: bool = False
    retry_after: float = 0.0


Status = Connecting | Waiting | Online | Lost | Ended


@dataclass(frozen=True, slots=True)
class SignInRenewed:
    """The host has answered to another token: it may end later now."""


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The connection has another status."""

    status: Status


@dataclass(frozen=True, slots=True)
class AdmissionChanged:
    """Others wait to be let in, or newcomers have to; or an invitation was made, used or revoked."""


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """The name, host or limits of the room or server are known, or have changed."""


@dataclass(frozen=True, slots=True)
class Appended:
    """Messages at the end of the transcript, in order: new ones, or those that a detached reader has requested."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Prepended:
    """Older messages before all others, in order; empty when there are no older ones."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class MessageUpdated:
    """A loaded message has changed: this is its present state."""

    message: Message


@dataclass(frozen=True, slots=True)
class TranscriptReset:
    """The transcript holds other messages now, which do not continue those shown before."""


@dataclass(frozen=True, slots=True)
class Jumped:
    """The transcript shows what was requested: highlight the message ``seq``; None means the latest one.

    The transcript may be another window of the log now.
    """

    seq: int | None


@dataclass(frozen=True, slots=True)
class NewestChanged:
    """A detached transcript has more messages beyond its end: ``newest`` has changed."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """Somebody else has just sent this, whether or not it is loaded. Messages of the history do not count."""

    message: Message


@dataclass(frozen=True, slots=True)
class MissedMessages:
    """Somebody else has sent these while the connection was lost."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class NotificationsChanged:
    """The person is to be notified of something, or a notification is no longer needed: see ``Notifications.shown``."""


@dataclass(frozen=True, slots=True)
class UnreadChanged:
    """The divider above unread messages has moved, or is gone."""


@dataclass(frozen=True, slots=True)
class QuotesChanged:
    """Replies to these messages show something else: each is known now, or has changed."""

    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PinsChanged:
    """Other messages are pinned, or one of them has changed."""


@dataclass(frozen=True, slots=True)
class ReactorsChanged:
    """The list of people who have reacted with an emoji, which somebody looks at, has changed."""


@dataclass(frozen=True, slots=True)
class ReadersChanged:
    """Others have read the message whose readers are shown, or they are not told any more."""


@dataclass(frozen=True, slots=True)
class ReceiptSettingsChanged:
    """The host allows receipts or not, or the person gives them or not: see ``ChatState.receipts``."""


@dataclass(frozen=True, slots=True)
class EditRefused:
    """The server has refused to edit this message: it shows its former text, and ``content`` is what was written."""

    seq: int
    content: str


@dataclass(frozen=True, slots=True)
class SearchChanged:
    """The search has another query, more hits, or a note."""


@dataclass(frozen=True, slots=True)
class StorageChanged:
    """The host can no longer store messages, or can do so again."""


@dataclass(frozen=True, slots=True)
class DraftRestored:
    """The draft that was not sent when the program last ran."""

    text: str


@dataclass(frozen=True, slots=True)
class Sending:
    """An own message waits to be acknowledged by the host, for the first time or again."""

    entry: Outgoing


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The host has stored the own message with this id; it is part of the transcript now."""

    id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """An own message was refused; ``entry.error`` says why."""

    entry: Outgoing


@dataclass(frozen=True, slots=True)
class Waits:
    """The host keeps an own message until somebody decides about it; ``entry.waits`` says who."""

    entry: Outgoing

    @property
    def id(self) -> str:
        """The message's own id."""
        return self.entry.id


@dataclass(frozen=True, slots=True)
class Discarded:
    """The person has discarded an unsent message."""

    id: str


@dataclass(frozen=True, slots=True)
class PeopleReset:
    """The list of people was replaced."""


@dataclass(frozen=True, slots=True)
class PeopleListed:
    """Further people of the list, who were in the room before."""

    people: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class PeopleChanged:
    """People joined and left; ``more`` counts those who are not listed, and is negative when they left."""

    joined: tuple[User, ...] = ()
    left: tuple[User, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class PeopleUpdated:
    """Listed people have another status or, in place of those of the nicknames ``before``, another nickname."""

    people: tuple[User, ...]
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundPeopleChanged:
    """The search for people has another query, more people, or is over."""


@dataclass(frozen=True, slots=True)
class TypingChanged:
    """Other people are typing than before."""


@dataclass(frozen=True, slots=True)
class NoticeReceived:
    """The server has a sentence for the person; ``code`` is the event's, see ``protocol.events.SystemCode``."""

    sentence: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class RoomsChanged:
    """The list of rooms, or what is unread in one of them, is another."""


@dataclass(frozen=True, slots=True)
class RoomOpened:
    """The room that the person has made, or the private one that they have begun, is there: show it."""

    room: str


@dataclass(frozen=True, slots=True)
class PasswordAsked:
    """The room that was to be shown has a password; ``wrong`` and ``retry_after`` as in ``Ended``."""

    room: str
    sentence: str
    wrong: bool = False
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """The person has another role in a room, is muted or may speak again, or order was kept: see ``Order``."""


@dataclass(frozen=True, slots=True)
class PaceChanged:
    """Hands, what waits for approval, or when the person may write, in any room: see ``Pace``."""


@dataclass(frozen=True, slots=True)
class InRoom:
    """What has changed in a room that is not shown."""

    room: str
    changes: tuple[Change, ...]


Change = (
    StatusChanged
    | SignInRenewed
    | AdmissionChanged
    | RoomChanged
    | Appended
    | Prepended
    | MessageUpdated
    | TranscriptReset
    | Jumped
    | NewestChanged
    | NewMessage
    | MissedMessages
    | NotificationsChanged
    | UnreadChanged
    | QuotesChanged
    | ReactorsChanged
    | PinsChanged
    | ReadersChanged
    | ReceiptSettingsChanged
    | EditRefused
    | SearchChanged
    | StorageChanged
    | DraftRestored
    | Sending
    | Confirmed
    | NotSent
    | Discarded
    | Waits
    | PeopleReset
    | PeopleListed
    | PeopleUpdated
    | PeopleChanged
    | FoundPeopleChanged
    | TypingChanged
    | NoticeReceived
    | RoomsChanged
    | RoomOpened
    | PasswordAsked
    | OrderChanged
    | PaceChanged
    | InRoom
)
