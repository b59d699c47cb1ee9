"""What a ``ChatState`` tells its views: each change says what is new, the state holds all there is."""

from dataclasses import dataclass
from typing import Literal

from chatdesk.client.outbox import Outgoing
from chatdesk.protocol.events import Message, User

Resumed = Literal["all", "some", "none"]
"""``some``: the host no longer has all that was said meanwhile; ``none``: it has started afresh."""


@dataclass(frozen=True, slots=True)
class Connecting:
    """On the way in, for the first time."""


@dataclass(frozen=True, slots=True)
class Online:
    """In the room. ``resumed`` is how much of what was said has survived a loss; None for the first time."""

    resumed: Resumed | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """Out, and coming back by itself.

    ``since`` and ``retry_at`` are seconds of ``time.monotonic``; ``retry_at`` None: trying just now. ``attempt``
    counts from 1. A loss of a few seconds is not worth a person's attention: wait 5 s before calling it offline.
    ``goodbye``: it is no accident, the host has closed the chat.
    """

    since: float
    attempt: int
    retry_at: float | None = None
    goodbye: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """Out for good, until the person does something; ``nickname_error``: another nickname may help."""

    sentence: str
    nickname_error: bool = False


Status = Connecting | Online | Lost | Ended


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The connection is in another state."""

    status: Status


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """Name, host or limits of room and server are known, or different."""


@dataclass(frozen=True, slots=True)
class Appended:
    """Messages at the end of the transcript, in order: new ones, or those a detached reader has asked for."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Prepended:
    """Older messages before all others, in order; none when there is nothing older."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class TranscriptReset:
    """The messages are other ones now; what was shown before does not connect to them."""


@dataclass(frozen=True, slots=True)
class Jumped:
    """The reader is elsewhere, as asked: show this message, lit; None: the latest.

    The transcript may be another window now.
    """

    seq: int | None


@dataclass(frozen=True, slots=True)
class NewestChanged:
    """More was said beyond the end of a detached transcript: ``newest`` is another one."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """Somebody else has just said this, whether or not it is loaded; what comes as history is never heard."""

    message: Message


@dataclass(frozen=True, slots=True)
class UnreadChanged:
    """The divider above what is unread stands elsewhere, or is gone."""


@dataclass(frozen=True, slots=True)
class SearchChanged:
    """The search has another query, more hits, or something to say."""


@dataclass(frozen=True, slots=True)
class StorageChanged:
    """The host can keep what is said again, or no longer."""


@dataclass(frozen=True, slots=True)
class DraftRestored:
    """What was being written when one was last here, and not said."""

    text: str


@dataclass(frozen=True, slots=True)
class Sending:
    """An own message waits to be kept by the host, for the first time or again."""

    entry: Outgoing


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The host has kept the own message with this id; it stands among the messages now."""

    id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """An own message was refused; ``entry.error`` says why."""

    entry: Outgoing


@dataclass(frozen=True, slots=True)
class Discarded:
    """The person has thrown an unsent message away."""

    id: str


@dataclass(frozen=True, slots=True)
class PeopleReset:
    """The list of people is a new one."""


@dataclass(frozen=True, slots=True)
class PeopleChanged:
    """People came and went; ``more`` of those who are counted and not listed, fewer where it is below 0."""

    joined: tuple[User, ...] = ()
    left: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class TypingChanged:
    """Others are typing than before."""


@dataclass(frozen=True, slots=True)
class NoticeReceived:
    """The server says something to the person."""

    sentence: str


Change = (
    StatusChanged
    | RoomChanged
    | Appended
    | Prepended
    | TranscriptReset
    | Jumped
    | NewestChanged
    | NewMessage
    | UnreadChanged
    | SearchChanged
    | StorageChanged
    | DraftRestored
    | Sending
    | Confirmed
    | NotSent
    | Discarded
    | PeopleReset
    | PeopleChanged
    | TypingChanged
    | NoticeReceived
)
