"""Commands about rooms as a whole: listing and making them, and their settings."""

from typing import Annotated

from msgspec import Meta, Struct

from chatdesk.protocol.fields import MessageId, NewcomersSee, PrivateMessages
from chatdesk.protocol.limits import NAME_QUERY_CHARS, ROOMS_PAGE


class Rooms(Struct, tag="rooms", frozen=True):
    """Ask for a page of the list of rooms: those that the person belongs to, then the others, each by name.

    ``after`` is the last room of the page before; ``query`` selects rooms by name, topic or other person.
    """

    after: Annotated[str, Meta(max_length=NAME_QUERY_CHARS)] | None = None
    query: Annotated[str, Meta(max_length=NAME_QUERY_CHARS)] = ""
    limit: Annotated[int, Meta(ge=1, le=ROOMS_PAGE)] = ROOMS_PAGE
    id: MessageId | None = None


class Create(Struct, tag="create", frozen=True):
    """Make a room, or with ``to`` in its place the private one with this person; the answer is ``room``."""

    room: str = ""
    topic: str = ""
    to: str | None = None
    id: MessageId | None = None


class Topic(Struct, tag="topic", frozen=True):
    """Set the topic of a room; everybody in it gets ``room``."""

    topic: str
    room: str | None = None
    id: MessageId | None = None


class Archive(Struct, tag="archive", frozen=True):
    """Archive a room, which can only be read from then on, or open it again; everybody in it gets ``room``."""

    active: bool = True
    room: str | None = None
    id: MessageId | None = None


class Open(Struct, tag="open", frozen=True):
    """Let everybody into a room that is for the host alone, such as an imported one; the answer is ``room``."""

    room: str | None = None
    id: MessageId | None = None


class DeleteRoom(Struct, tag="delete_room", frozen=True):
    """Delete a room with all that was said in it, for everybody and for good; only the host may.

    The answer is ``room_deleted``, which all clients that list rooms get. The host need not be in the room.
    """

    room: str
    id: MessageId | None = None


class Newcomers(Struct, tag="newcomers", frozen=True):
    """Set what those who are new in a room can read; everybody in it gets ``room``."""

    see: NewcomersSee
    room: str | None = None
    id: MessageId | None = None


class AllowPrivate(Struct, tag="private_messages", frozen=True):
    """Set between whom private messages are possible, until the chat closes; only the host may."""

    allow: PrivateMessages
    id: MessageId | None = None
