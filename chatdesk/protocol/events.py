"""What the server says to its clients.

A ``timestamp`` is RFC 3339 in UTC with milliseconds and a ``Z``; a ``seq`` counts a room's messages from 1, without
gaps.
"""

from datetime import UTC, datetime

from msgspec import Struct

from chatdesk.protocol.commands import ClientKind

PRESENCE_CAPABILITY = "presence"
"""Who joins with this capability receives ``presence`` batches instead of ``user_joined`` and ``user_left``."""


def timestamp() -> str:
    """Now, as the wire writes it: ``2024-01-01T12:00:00.000Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


class Limits(Struct, frozen=True):
    """What the server accepts; ``message_rate`` is messages per second, 0 for any number."""

    message_bytes: int
    content_chars: int
    nickname_chars: int
    history: int
    message_rate: float


class ServerInfo(Struct, frozen=True):
    """What the server is called, the nickname of who hosts it (empty without a window), and its version."""

    name: str
    host: str
    version: str


class User(Struct, frozen=True, omit_defaults=True):
    """Somebody in the room."""

    nickname: str
    status: str
    joined_at: str
    client: ClientKind = "terminal"
    host: bool = False


class Welcome(Struct, tag="welcome", frozen=True):
    """The first answer to a join; ``token`` proves this identity when the client comes back."""

    protocol: int
    epoch: str
    nickname: str
    token: str
    room: str
    user_count: int
    limits: Limits
    server: ServerInfo


class System(Struct, tag="system", frozen=True):
    """The server speaks to the person."""

    content: str
    timestamp: str


class UserJoined(Struct, tag="user_joined", frozen=True, omit_defaults=True):
    """Somebody came."""

    nickname: str
    timestamp: str
    user_count: int
    room: str = ""
    client: ClientKind = "terminal"
    host: bool = False


class UserLeft(Struct, tag="user_left", frozen=True, omit_defaults=True):
    """Somebody went."""

    nickname: str
    timestamp: str
    user_count: int
    room: str = ""


class Presence(Struct, tag="presence", frozen=True):
    """Who came and who went, as one batch."""

    room: str
    joined: list[User]
    left: list[str]
    user_count: int
    timestamp: str


class Users(Struct, tag="users", frozen=True):
    """Everybody in the room."""

    room: str
    users: list[User]
    user_count: int


class Message(Struct, tag="message", frozen=True, omit_defaults=True):
    """Something said; to its sender, the confirmation that the room has it."""

    nickname: str
    content: str
    timestamp: str
    room: str = ""
    seq: int = 0
    id: str | None = None


class History(Struct, tag="history", frozen=True):
    """A page of the log, oldest first; ``more`` tells of further messages in the direction asked for."""

    room: str
    epoch: str
    messages: list[Message]
    more: bool


class Typing(Struct, tag="typing", frozen=True):
    """Whether somebody else is typing."""

    nickname: str
    active: bool
    room: str


class Error(Struct, tag="error", frozen=True, omit_defaults=True):
    """A refused command; ``content`` is a sentence for the person."""

    code: str
    content: str
    ref: str | None = None


Event = Welcome | System | UserJoined | UserLeft | Presence | Users | Message | History | Typing | Error
