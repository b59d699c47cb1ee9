"""Commands: what a client sends to the server.

Each may carry an ``id``, which whatever answers it returns as ``ref``; without one, an error returns its type. Unknown
fields are ignored. A client's ``timestamp`` is one of them: only the server's clock counts.
"""

from typing import Annotated

from msgspec import Meta, Struct

from chatdesk.protocol.admission_commands import AdmissionCommand
from chatdesk.protocol.entry_messages import Password, SetEntry
from chatdesk.protocol.fields import (
    Availability,
    ClientKind,
    Emoji,
    MessageId,
    Seq,
    Timestamp,
)
from chatdesk.protocol.limits import (
    HISTORY_LATEST,
    HISTORY_PAGE,
    ID_CHARS,
    INVITATION_CHARS,
    MENTIONS,
    MESSAGES_PAGE,
    NAME_QUERY_CHARS,
    PINS_PAGE,
    PROOF_IDENTITIES,
    QUERY_CHARS,
    REACTORS_PAGE,
    SEARCH_PAGE,
    STATUS_CHARS,
    USERS_PAGE,
)
from chatdesk.protocol.order_commands import OrderCommand
from chatdesk.protocol.pace_commands import PaceCommand
from chatdesk.protocol.reading_commands import AllowReceipts, GiveReceipts, Read, Readers, Receipts, SetLevel
from chatdesk.protocol.room_commands import AllowPrivate, Archive, Create, DeleteRoom, Newcomers, Open, Rooms, Topic

CLIENT_TOKEN_PREFIX = "new."  # noqa: S105 - how such tokens begin
"""Prefix of a token that a client has made itself."""


class Resume(Struct, frozen=True):
    """How far the client has read: up to message ``seq``, and ``change``, in this ``epoch`` of the room's history."""

    epoch: str
    seq: Seq = 0
    change: Seq = 0


class Join(Struct, tag="join", frozen=True):
    """Enter a room under a nickname; ``token`` proves the identity of an earlier ``welcome``.

    A newcomer may send a token of its own: CLIENT_TOKEN_PREFIX and at least 32 unguessable characters. Then it is the
    same person at the next join even if the first ``welcome`` was lost. ``invitation`` is the code of one; it may also
    stand in place of the token. ``password`` is the chat's, where it has one, else the room's.
    """

    nickname: str
    room: str = "lobby"
    token: str | None = None
    capabilities: Annotated[tuple[str, ...], Meta(max_length=32)] = ()
    client: ClientKind = "terminal"
    resume: Resume | None = None
    id: MessageId | None = None
    invitation: Annotated[str, Meta(max_length=INVITATION_CHARS)] | None = None
    password: Password | None = None


class Mentioned(Struct, frozen=True):
    """Somebody whom a message mentions, under the name that was written; without an author it is everybody."""

    name: str
    author: str = ""


class Message(Struct, tag="message", frozen=True):
    """Say something in the room. Sending the same ``id`` again has no second effect.

    ``to`` makes it a private message, in the room of the two: a nickname, or ``@`` and an author. ``reply_to`` is the
    number of the message that it answers. ``mentions`` says whom the names behind ``@`` mean; without it the server
    looks for them among the people of the room. ``action``: what the person does, as by ``/me``.
    """

    content: str
    id: MessageId | None = None
    room: str | None = None
    to: str | None = None
    reply_to: Seq | None = None
    mentions: Annotated[tuple[Mentioned, ...], Meta(max_length=MENTIONS)] = ()
    action: bool = False


class Edit(Struct, tag="edit", frozen=True):
    """Replace the content of a message of one's own; everybody gets ``updated``."""

    seq: Seq
    content: str
    mentions: Annotated[tuple[Mentioned, ...], Meta(max_length=MENTIONS)] = ()
    room: str | None = None
    id: MessageId | None = None


class Delete(Struct, tag="delete", frozen=True):
    """Delete a message for everybody, for good: one of one's own, or of others for host and moderators."""

    seq: Seq
    room: str | None = None
    id: MessageId | None = None


class React(Struct, tag="react", frozen=True):
    """Let a reaction of one's own be on a message, or not; ``emoji`` is exactly one of Unicode's."""

    seq: Seq
    emoji: Emoji
    active: bool = True
    room: str | None = None
    id: MessageId | None = None


class Pin(Struct, tag="pin", frozen=True):
    """Let a message be pinned, or not."""

    seq: Seq
    active: bool = True
    room: str | None = None
    id: MessageId | None = None


class Reactions(Struct, tag="reactions", frozen=True):
    """Ask who has reacted to a message with an emoji, in that order and without the first ``skip`` of them."""

    seq: Seq
    emoji: Emoji
    skip: Seq = 0
    room: str | None = None
    limit: Annotated[int, Meta(ge=1, le=REACTORS_PAGE)] = REACTORS_PAGE
    id: MessageId | None = None


class OwnReactions(Struct, tag="own_reactions", frozen=True):
    """Ask with what one has reacted oneself, to the messages from number ``first`` to ``last``: at most HISTORY_PAGE.

    Only a reaction of more people than a message names leaves that open.
    """

    first: Seq
    last: Seq
    room: str | None = None
    id: MessageId | None = None


class Messages(Struct, tag="messages", frozen=True):
    """Ask for messages by their numbers, as they are now: those that replies refer to."""

    seqs: Annotated[tuple[Seq, ...], Meta(min_length=1, max_length=MESSAGES_PAGE)]
    room: str | None = None
    id: MessageId | None = None


class Pins(Struct, tag="pins", frozen=True):
    """Ask for the newest pinned messages, older than ``before`` if given."""

    room: str | None = None
    before: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=PINS_PAGE)] = PINS_PAGE
    id: MessageId | None = None


class Enter(Struct, tag="enter", frozen=True):
    """Be in another room, too, after a join; ``resume`` continues there as in ``join``.

    ``password`` is the room's, where it has one. The answers are ``users`` and ``history``.
    """

    room: str
    resume: Resume | None = None
    id: MessageId | None = None
    password: Password | None = None


class Exit(Struct, tag="exit", frozen=True):
    """Be no longer in one of the rooms, and in the others still; the answer is ``exited``."""

    room: str
    id: MessageId | None = None


class Leave(Struct, tag="leave", frozen=True):
    """Leave the chat; the server closes the connection with 1000."""

    id: MessageId | None = None


class Typing(Struct, tag="typing", frozen=True):
    """Tell the room whether the person is typing."""

    active: bool = True
    room: str | None = None
    to: str | None = None
    id: MessageId | None = None


class Nick(Struct, tag="nick", frozen=True):
    """Have another nickname from now on, on all devices; everybody gets ``renamed``."""

    nickname: str
    id: MessageId | None = None


class SetStatus(Struct, tag="status", frozen=True):
    """Say whether one is there, and why not; what is left out stays as it is.

    ``status`` and ``text`` hold on all devices. ``idle``: nobody uses this device; somebody all of whose devices are
    idle is away until one of them is not.
    """

    status: Availability | None = None
    text: Annotated[str, Meta(max_length=STATUS_CHARS)] | None = None
    idle: bool | None = None
    id: MessageId | None = None


class Users(Struct, tag="users", frozen=True):
    """Ask for a page of the list of people in the room: the host, then the others by name.

    ``after`` is the nickname of the last person of the page before; ``query`` selects the names that contain it.
    """

    room: str | None = None
    after: Annotated[str, Meta(max_length=NAME_QUERY_CHARS)] | None = None
    query: Annotated[str, Meta(max_length=NAME_QUERY_CHARS)] = ""
    limit: Annotated[int, Meta(ge=1, le=USERS_PAGE)] = USERS_PAGE
    id: MessageId | None = None


class History(Struct, tag="history", frozen=True):
    """Ask for a part of the history: before, after or around a message, around a moment, or the latest.

    ``at`` is a date or an RFC 3339 timestamp: the answer is around the first message from then on.
    """

    room: str | None = None
    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    at: Timestamp | None = None
    limit: Annotated[int, Meta(ge=1, le=HISTORY_PAGE)] = HISTORY_LATEST
    id: MessageId | None = None


class Search(Struct, tag="search", frozen=True):
    """Ask for the newest messages that hold all words of ``query``, older than ``before`` if given.

    Without ``room`` and ``before``, all rooms are searched that one may read. ``query`` may have operators: from:, in:,
    before: and after:.
    """

    query: Annotated[str, Meta(max_length=QUERY_CHARS)]
    room: str | None = None
    before: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=SEARCH_PAGE)] = SEARCH_PAGE
    id: MessageId | None = None


class Clear(Struct, tag="clear", frozen=True):
    """Delete the history of the room for everybody, for good; only the host may."""

    room: str | None = None
    id: MessageId | None = None


class Ping(Struct, tag="ping", frozen=True):
    """Ask for a ``pong``. It is answered at once, also before a join.

    Browsers do not show pages the pings of a WebSocket itself.
    """

    id: MessageId | None = None


class Prove(Struct, tag="prove", frozen=True):
    """Ask the server, before a join, to prove that it issued the tokens of these identities; the answer is ``proof``.

    An identity is the part of a token before its dot. ``nonce`` is random and used once.
    """

    identities: Annotated[tuple[Annotated[str, Meta(max_length=ID_CHARS)], ...], Meta(max_length=PROOF_IDENTITIES)]
    nonce: Annotated[str, Meta(min_length=16, max_length=ID_CHARS)]
    id: MessageId | None = None


class Refresh(Struct, tag="refresh", frozen=True):
    """Go on with another token of sign-in, for the same person; the answer is ``refreshed``."""

    token: str
    id: MessageId | None = None


Command = (
    Join
    | Enter
    | Exit
    | Message
    | Edit
    | Delete
    | React
    | Pin
    | Reactions
    | OwnReactions
    | Messages
    | Pins
    | Leave
    | Typing
    | Nick
    | SetStatus
    | Users
    | History
    | Search
    | Clear
    | Ping
    | Prove
    | Refresh
    | Rooms
    | Create
    | Topic
    | Archive
    | Open
    | DeleteRoom
    | Newcomers
    | SetLevel
    | Read
    | Receipts
    | Readers
    | GiveReceipts
    | AllowReceipts
    | AllowPrivate
    | SetEntry
    | AdmissionCommand
    | OrderCommand
    | PaceCommand
)
