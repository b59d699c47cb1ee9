"""What a client says to the server.

Fields that a command does not name are ignored, a client's ``timestamp`` among them: the server's clock counts.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatdesk.protocol.limits import HISTORY_LATEST, HISTORY_PAGE, ID_CHARS, PROOF_IDENTITIES, QUERY_CHARS, SEARCH_PAGE

Seq = Annotated[int, Meta(ge=0, le=2**53 - 1)]
MessageId = Annotated[str, Meta(min_length=1, max_length=ID_CHARS)]
Timestamp = Annotated[str, Meta(max_length=40)]
CLIENT_TOKEN_PREFIX = "new."  # noqa: S105 - how such tokens begin
"""What a token begins with that a client has made itself."""

ClientKind = Literal["window", "browser", "phone", "terminal"]


class Resume(Struct, frozen=True):
    """How far the client has read: ``epoch`` names the incarnation of the log, ``seq`` its last message."""

    epoch: str
    seq: Seq


class Join(Struct, tag="join", frozen=True):
    """Enter a room under a nickname; ``token`` proves the identity of an earlier ``welcome``.

    A newcomer may send one of its own making, OWN_TOKEN and at least 32 characters that nobody can guess: then it is
    the same person also where the first ``welcome`` was lost on its way.
    """

    nickname: str
    room: str = "lobby"
    token: str | None = None
    capabilities: Annotated[tuple[str, ...], Meta(max_length=32)] = ()
    client: ClientKind = "terminal"
    resume: Resume | None = None


class Message(Struct, tag="message", frozen=True):
    """Say something in the room; the same ``id`` again has no second effect."""

    content: str
    id: MessageId | None = None
    room: str | None = None
    to: str | None = None


class Leave(Struct, tag="leave", frozen=True):
    """Go; the server closes with 1000."""


class Typing(Struct, tag="typing", frozen=True):
    """Whether the person is typing just now."""

    active: bool = True
    room: str | None = None
    to: str | None = None


class Users(Struct, tag="users", frozen=True):
    """Ask for the list of people."""

    room: str | None = None


class History(Struct, tag="history", frozen=True):
    """Ask for a page of the log: before or after a message, around a message or a moment, or the latest.

    ``at`` is a timestamp as the wire writes it: the page stands around the first message from then on. ``ref`` comes
    back with the answer.
    """

    room: str | None = None
    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    at: Timestamp | None = None
    limit: Annotated[int, Meta(ge=1, le=HISTORY_PAGE)] = HISTORY_LATEST
    ref: MessageId | None = None


class Search(Struct, tag="search", frozen=True):
    """Ask for the newest messages, older than ``before``, that hold all words of ``query``."""

    query: Annotated[str, Meta(max_length=QUERY_CHARS)]
    room: str | None = None
    before: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=SEARCH_PAGE)] = SEARCH_PAGE


class Clear(Struct, tag="clear", frozen=True):
    """Delete the history of the room, for everybody and for good; the host alone may."""

    room: str | None = None


class Ping(Struct, tag="ping", frozen=True):
    """Ask for a sign of life, for a browser shows its pages none of a WebSocket's own; the answer is ``pong``.

    ``id`` comes back as its ``ref``. It is answered before a join, too, and at once.
    """

    id: MessageId | None = None


class Prove(Struct, tag="prove", frozen=True):
    """Ask the server, before a join, to prove that it is the one that has issued tokens to these identities.

    An identity is what stands before the dot of a token. ``nonce`` is drawn for this question. The answer is ``proof``.
    """

    identities: Annotated[tuple[Annotated[str, Meta(max_length=ID_CHARS)], ...], Meta(max_length=PROOF_IDENTITIES)]
    nonce: Annotated[str, Meta(min_length=16, max_length=ID_CHARS)]


Command = Join | Message | Leave | Typing | Users | History | Search | Clear | Ping | Prove
