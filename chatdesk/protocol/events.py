"""Events: what the server sends to its clients.

A ``timestamp`` is RFC 3339 in UTC with milliseconds and a ``Z``. A ``seq`` numbers the messages of a room from 1,
without gaps; a ``change`` numbers whatever changes a room, messages included. An ``author`` is the public id of an
identity: the same under every nickname, and no way back to the identity. ``ref`` is the ``id`` of the command that an
event answers.
"""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatdesk.protocol.admission_events import AdmissionEvent
from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.connection_events import Error as Error
from chatdesk.protocol.connection_events import Nodes, Pong, Proof, Reach, Refreshed
from chatdesk.protocol.entry_messages import Entry as Entry
from chatdesk.protocol.fields import ClientKind, Number
from chatdesk.protocol.markup import Block
from chatdesk.protocol.order_events import OrderEvent, RoleName
from chatdesk.protocol.pace_events import PaceEvent
from chatdesk.protocol.reaction_events import OwnReaction as OwnReaction
from chatdesk.protocol.reaction_events import OwnReactions as OwnReactions
from chatdesk.protocol.reaction_events import Reaction as Reaction
from chatdesk.protocol.reaction_events import Reactions as Reactions
from chatdesk.protocol.reaction_events import Reactor as Reactor
from chatdesk.protocol.room_events import Read, Readers, Receipts, ReceiptSettings, Room, RoomDeleted, Rooms

PRESENCE_CAPABILITY = "presence"
"""A client with this capability receives ``presence`` batches instead of ``user_joined`` and ``user_left``."""

REACH_CAPABILITY = "reach"
"""A client with this capability can be asked with ``reach`` to call the host's addresses."""


BOTS_CAPABILITY = "bots"
"""A bot with this capability hears other bots, too. It has to take care that they do not answer each other for ever."""


class SystemCode(StrEnum):
    """The stable ``code`` of a ``system`` event."""

    WELCOME = "welcome"
    HISTORY_DELETED = "history_deleted"
    ROOM_CHANGED = "room_changed"
    ROOM_DELETED = "room_deleted"
    ORDER = "order"
    HELD = "held"
    CALLED = "called"
    CLOSING = "closing"


Deleter = Literal["author", "host", "moderator"]
"""As what somebody has deleted a message."""


class Limits(Struct, frozen=True):
    """What the server accepts; ``message_rate`` is in messages per second, and 0 is no limit.

    A message is edited until ``edit_seconds`` after it was said; 0 is no limit, as for moderators.
    """

    message_bytes: Number
    content_chars: Number
    nickname_chars: Number
    history: Number
    message_rate: Annotated[float, Meta(ge=0)]
    edit_seconds: Number = 0


class ServerInfo(Struct, frozen=True):
    """Name of the chat, nickname of its host (empty for a server without a window), and version of the program.

    ``id`` stays the same after a restart and at every address of the server.
    """

    name: str
    host: str
    version: str
    id: str = ""


class User(Struct, frozen=True, omit_defaults=True):
    """A person in the room; ``role``: moderator or guest; ``muted``: they only read; ``verified``: by signing in."""

    nickname: str
    status: str
    joined_at: str
    client: ClientKind = "terminal"
    host: bool = False
    author: str = ""
    status_text: str = ""
    role: RoleName | None = None
    muted: bool = False
    verified: bool = False


class Departed(Struct, frozen=True, omit_defaults=True):
    """A person who has left the room."""

    nickname: str
    author: str = ""


class Welcome(Struct, tag="welcome", frozen=True, omit_defaults=True):
    """The first answer to a join; ``token`` proves this identity at the next join, and ``me`` is its author id.

    ``expires_in``: the sign-in ends in so many seconds, unless a ``refresh`` brings another token. ``nodes``: addresses
    of the page at other servers of the chat, where the client can go on when it loses this one. ``proof_token``: where
    ``token`` was issued elsewhere, one that opens nothing, by which another server can prove that it is of this chat.
    """

    protocol: Number
    epoch: str
    nickname: str
    token: str
    room: str
    user_count: Number
    limits: Limits
    server: ServerInfo
    me: str = ""
    ref: str | None = None
    expires_in: Annotated[float, Meta(ge=0)] | None = None
    nodes: list[str] = []
    proof_token: str | None = None


class Exited(Struct, tag="exited", frozen=True, omit_defaults=True):
    """The client is no longer in this room: nothing more of it follows."""

    room: str
    ref: str | None = None


class System(Struct, tag="system", frozen=True, omit_defaults=True):
    """The server speaks to the person; ``code`` is a stable word for programs, see ``SystemCode``."""

    content: str
    timestamp: str
    code: str = ""
    room: str = ""


class UserJoined(Struct, tag="user_joined", frozen=True, omit_defaults=True):
    """A person has joined the room."""

    nickname: str
    timestamp: str
    user_count: Number
    room: str = ""
    client: ClientKind = "terminal"
    host: bool = False
    author: str = ""


class UserLeft(Struct, tag="user_left", frozen=True, omit_defaults=True):
    """A person has left the room."""

    nickname: str
    timestamp: str
    user_count: Number
    room: str = ""
    author: str = ""


class Renamed(Struct, tag="renamed", frozen=True, omit_defaults=True):
    """Somebody has another nickname: ``old`` is the one before. Who batches gets this, others a leave and a join."""

    old: str
    nickname: str
    timestamp: str
    room: str = ""
    author: str = ""


class Presence(Struct, tag="presence", frozen=True, omit_defaults=True):
    """People who joined and left, as one batch. ``more``: there were others, whom a large room does not name.

    ``changed`` are people with another status than before.
    """

    room: str
    joined: list[User]
    left: list[Departed]
    user_count: Number
    timestamp: str
    more: bool = False
    changed: tuple[User, ...] = ()


class Users(Struct, tag="users", frozen=True, omit_defaults=True):
    """A page of the list of people: at most USERS_PAGE of them. ``more``: there are others after the last one."""

    room: str
    users: list[User]
    user_count: Number
    more: bool = False
    ref: str | None = None


class Message(Struct, tag="message", frozen=True, omit_defaults=True):
    """A message that is stored; for its sender this is the confirmation.

    ``to`` is the other person of a private room. ``body`` is the content as a tree, for clients with the capability
    ``markup``; None: it is drawn as it stands. What was deleted has no content, and says as what and by whom. With
    ``action`` it is what they do. A ``nameless`` one tells nobody who has asked; ``verified``: they had signed in.
    """

    nickname: str
    content: str
    timestamp: str
    room: str = ""
    seq: Number = 0
    id: str | None = None
    change: Number = 0
    author: str = ""
    edited: str | None = None
    to: str | None = None
    bot: bool = False
    body: tuple[Block, ...] | None = None
    reply_to: Number | None = None
    deleted: Deleter | None = None
    deleted_by: str = ""
    reactions: tuple[Reaction, ...] = ()
    pinned: bool = False
    mentions: tuple[Mentioned, ...] = ()
    action: bool = False
    nameless: bool = False
    verified: bool = False


class Updated(Struct, tag="updated", frozen=True, omit_defaults=True):
    """An older message has changed; ``message`` is its whole present state.

    With a ``ref`` it is also the answer to the command that has changed it.
    """

    room: str
    seq: Number
    change: Number
    message: Message
    ref: str | None = None


class History(Struct, tag="history", frozen=True, omit_defaults=True):
    """A part of the history, oldest message first; ``more`` says whether there is more in the direction asked for.

    ``first_seq`` and ``last_seq`` are the oldest and newest number that the log holds now; in an empty log, the first
    is one more than the last. ``change`` is set where the page continues the stream, at a join or a resume: it is the
    position that its reader has reached.
    """

    room: str
    epoch: str
    messages: list[Message]
    more: bool
    first_seq: Number = 1
    last_seq: Number = 0
    ref: str | None = None
    change: Number = 0


class Messages(Struct, tag="messages", frozen=True, omit_defaults=True):
    """Messages that were asked for by their numbers. The room has none of those that are ``missing``.

    What is in neither did not fit: ask for it again.
    """

    room: str
    messages: list[Message]
    missing: list[Number] = []
    ref: str | None = None


class Pins(Struct, tag="pins", frozen=True, omit_defaults=True):
    """Pinned messages, oldest first; ``more``: there are older ones."""

    room: str
    messages: list[Message]
    more: bool = False
    ref: str | None = None


class Hit(Struct, frozen=True):
    """A message that was found; ``parts`` is an excerpt of which every second part matches the query."""

    message: Message
    parts: list[str]


class Search(Struct, tag="search", frozen=True, omit_defaults=True):
    """The result of a search, newest message first; ``more`` says whether there are older ones.

    Of a search of all rooms, ``room`` is empty, the hits stand room by room, and ``more_in`` are those of these rooms
    that have older ones. ``more`` says then whether there are further rooms.

    ``note`` is a sentence about the search. While the server still builds its search index, ``prepared`` says how many
    percent of the messages it covers, from the newest on: ask again later for older ones.
    """

    room: str
    query: str
    hits: list[Hit]
    more: bool
    note: str = ""
    prepared: Number = 100
    ref: str | None = None
    more_in: tuple[str, ...] = ()


class Storage(Struct, tag="storage", frozen=True, omit_defaults=True):
    """Whether the server can store messages. While there is a problem it refuses them: send them again later.

    ``problem`` is a stable word, empty once the problem is over; ``content`` is a sentence for people.
    """

    problem: str
    content: str


class Typing(Struct, tag="typing", frozen=True, omit_defaults=True):
    """Another person has started, goes on or has stopped typing."""

    nickname: str
    active: bool
    room: str
    author: str = ""


Event = (
    Welcome
    | System
    | UserJoined
    | UserLeft
    | Renamed
    | Presence
    | Users
    | Message
    | Updated
    | Exited
    | History
    | Reactions
    | OwnReactions
    | Messages
    | Pins
    | Search
    | Storage
    | Typing
    | Reach
    | Nodes
    | Pong
    | Proof
    | Refreshed
    | Rooms
    | Room
    | RoomDeleted
    | Read
    | Receipts
    | Readers
    | ReceiptSettings
    | Entry
    | AdmissionEvent
    | OrderEvent
    | PaceEvent
    | Error
)
