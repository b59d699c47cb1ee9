"""What the server says to its clients.

A ``timestamp`` is RFC 3339 in UTC with milliseconds and a ``Z``; a ``seq`` counts a room's messages from 1, without
gaps.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from chatdesk.protocol.commands import ClientKind

PRESENCE_CAPABILITY = "presence"
"""Who joins with this capability receives ``presence`` batches instead of ``user_joined`` and ``user_left``."""

REACH_CAPABILITY = "reach"
"""Who joins with this capability can be asked with ``reach`` to call the host's addresses."""

HISTORY_DELETED = "The host has deleted the history."
"""What everybody is told after ``clear``; a program of the host may put it otherwise."""


Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""A count, or a place in one, as far as every reader of JSON counts exactly: more than a C integer may hold."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def timestamp(milliseconds: int | None = None) -> str:
    """A moment, by its milliseconds since 1970, as the wire writes it: ``2024-01-01T12:00:00.000Z``; now by default."""
    moment = datetime.now(UTC) if milliseconds is None else _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def milliseconds(timestamp: str) -> int | None:
    """The milliseconds since 1970 of what the wire writes; None for what is no moment."""
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        return None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // timedelta(milliseconds=1)


def local_time(timestamp: str) -> datetime | None:
    """The time on this computer's clock; None for what no server of ours writes."""
    try:
        return datetime.fromisoformat(timestamp).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


class Limits(Struct, frozen=True):
    """What the server accepts; ``message_rate`` is messages per second, 0 for any number."""

    message_bytes: Number
    content_chars: Number
    nickname_chars: Number
    history: Number
    message_rate: Annotated[float, Meta(ge=0)]


class ServerInfo(Struct, frozen=True):
    """What the server is called, the nickname of who hosts it (empty without a window), and its version.

    ``id`` is the same after a restart, wherever the server is reached.
    """

    name: str
    host: str
    version: str
    id: str = ""


class User(Struct, frozen=True, omit_defaults=True):
    """Somebody in the room."""

    nickname: str
    status: str
    joined_at: str
    client: ClientKind = "terminal"
    host: bool = False


class Welcome(Struct, tag="welcome", frozen=True):
    """The first answer to a join; ``token`` proves this identity when the client comes back."""

    protocol: Number
    epoch: str
    nickname: str
    token: str
    room: str
    user_count: Number
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
    user_count: Number
    room: str = ""
    client: ClientKind = "terminal"
    host: bool = False


class UserLeft(Struct, tag="user_left", frozen=True, omit_defaults=True):
    """Somebody went."""

    nickname: str
    timestamp: str
    user_count: Number
    room: str = ""


class Presence(Struct, tag="presence", frozen=True):
    """Who came and who went, as one batch."""

    room: str
    joined: list[User]
    left: list[str]
    user_count: Number
    timestamp: str


class Users(Struct, tag="users", frozen=True):
    """Everybody in the room."""

    room: str
    users: list[User]
    user_count: Number


class Message(Struct, tag="message", frozen=True, omit_defaults=True):
    """Something said; to its sender, the confirmation that the room has it."""

    nickname: str
    content: str
    timestamp: str
    room: str = ""
    seq: Number = 0
    id: str | None = None


class History(Struct, tag="history", frozen=True, omit_defaults=True):
    """A page of the log, oldest first; ``more`` tells of further messages in the direction asked for.

    ``first_seq`` and ``last_seq`` are what the log holds at this moment, from and to; where it is empty, the first is
    one more than the last. ``ref`` is that of the question.
    """

    room: str
    epoch: str
    messages: list[Message]
    more: bool
    first_seq: Number = 1
    last_seq: Number = 0
    ref: str | None = None


class Hit(Struct, frozen=True):
    """A message that was found; ``parts`` is an excerpt, every second part of which is what was searched for."""

    message: Message
    parts: list[str]


class Search(Struct, tag="search", frozen=True, omit_defaults=True):
    """What a search has found, newest first; ``more`` tells of older ones.

    ``note`` is a sentence about the search. While the server still prepares it, ``prepared`` says for how many of the
    messages it can be done, in percent and from the newest on: ask again later for what is older.
    """

    room: str
    query: str
    hits: list[Hit]
    more: bool
    note: str = ""
    prepared: Number = 100


class Storage(Struct, tag="storage", frozen=True, omit_defaults=True):
    """Whether the server can keep what is said. While there is a problem it takes no messages: send them again later.

    ``problem`` is a stable word, empty once all is well again; ``content`` is a sentence for people.
    """

    problem: str
    content: str


class Typing(Struct, tag="typing", frozen=True):
    """Whether somebody else is typing."""

    nickname: str
    active: bool
    room: str


class Reach(Struct, tag="reach", frozen=True):
    """The host asks by which of its addresses it is reached: GET ``http://ADDRESS:PORT/reach/NONCE`` from each.

    The port is the one of this connection. What is answered there means nothing. A client calls private addresses
    only, no more than REACH_ADDRESSES, and not again within ten seconds.
    """

    nonce: str
    addresses: list[str]


class Pong(Struct, tag="pong", frozen=True, omit_defaults=True):
    """The sign of life that a ``ping`` has asked for; ``ref`` is its ``id``."""

    ref: str | None = None


class Proof(Struct, tag="proof", frozen=True):
    """What ``prove`` has asked for: for each identity one proof, or two, as ``chatdesk.protocol.proof`` makes them."""

    proofs: list[str]


class Error(Struct, tag="error", frozen=True, omit_defaults=True):
    """A refused command; ``content`` is a sentence for the person."""

    code: str
    content: str
    ref: str | None = None


Event = (
    Welcome
    | System
    | UserJoined
    | UserLeft
    | Presence
    | Users
    | Message
    | History
    | Search
    | Storage
    | Typing
    | Reach
    | Pong
    | Proof
    | Error
)
