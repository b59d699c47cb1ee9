"""Events about rooms as a whole: the list of them, what has changed for one, and how far people have read."""

from msgspec import Struct

from chatdesk.protocol.fields import Level, NewcomersSee, Number, PrivateMessages

RECEIPTS_CAPABILITY = "receipts"
"""A client with this capability receives ``receipts`` of its person's messages, and ``receipt_settings``."""
ROOMS_CAPABILITY = "rooms"
"""A client with this capability receives ``rooms`` at its join, and ``room`` and ``read`` whenever one changes."""


class Partner(Struct, frozen=True, omit_defaults=True):
    """The other person of a private room, under the nickname that they used last."""

    nickname: str
    author: str


class RoomInfo(Struct, frozen=True, omit_defaults=True):
    """A room in the list, as it is for one person. A ``closed`` one is for the host alone.

    ``entry``: it asks for a ``password``, or is ``locked``.
    ``slow``, ``announce``, ``hold`` and ``nameless`` are its pace, as in the command ``pace``.

    The fields from ``joined`` on are the person's own. Everybody in a room is told of a change by the same event, which
    leaves these out; then they are as before.
    """

    room: str
    topic: str = ""
    archived: bool = False
    closed: bool = False
    newcomers: NewcomersSee = "all"
    slow: Number = 0
    announce: bool = False
    hold: bool = False
    nameless: bool = False
    user_count: Number = 0
    last_seq: Number = 0
    epoch: str = ""
    messages: Number = 0
    entry: tuple[str, ...] = ()
    private_with: Partner | None = None
    joined: bool | None = None
    level: Level | None = None
    read: Number | None = None
    unread: Number | None = None
    mentions: Number | None = None


class Rooms(Struct, tag="rooms", frozen=True, omit_defaults=True):
    """A page of the list of rooms: at most ROOMS_PAGE of them. ``more``: there are others after the last one.

    ``private_messages``: between whom private rooms are possible.
    """

    rooms: list[RoomInfo]
    more: bool = False
    private_messages: PrivateMessages = "everyone"
    ref: str | None = None


class Room(Struct, tag="room", frozen=True, omit_defaults=True):
    """A room is new, or has changed."""

    room: RoomInfo
    ref: str | None = None


class RoomDeleted(Struct, tag="room_deleted", frozen=True, omit_defaults=True):
    """A room is gone, with all that was said in it. Its members get ``exited`` before, and a sentence."""

    room: str
    ref: str | None = None


class Read(Struct, tag="read", frozen=True, omit_defaults=True):
    """The person has read so far, on whatever device; ``unread`` are the messages of others that come after it.

    ``mentions`` are those of them that mention the person, and ``last_seq`` is the newest message that was counted.
    ``back``: the person has set the mark back to here.
    """

    room: str
    epoch: str
    seq: Number
    last_seq: Number
    unread: Number = 0
    mentions: Number = 0
    ref: str | None = None
    back: bool = False


class Receipt(Struct, frozen=True):
    """How many others have read a message."""

    seq: Number
    readers: Number


class Receipts(Struct, tag="receipts", frozen=True, omit_defaults=True):
    """How many others have read messages of one's own, which are in this ``epoch``.

    Without a ``ref`` these are the ones whose number has changed, among the newest of the room.
    """

    room: str
    epoch: str
    messages: list[Receipt]
    ref: str | None = None


class Reader(Struct, frozen=True, omit_defaults=True):
    """Somebody who has read a message; ``read_at`` is the minute in which they came to it, as far as it is known."""

    nickname: str
    author: str
    read_at: str = ""


class Readers(Struct, tag="readers", frozen=True, omit_defaults=True):
    """Who has read a message of one's own, by name: a page of them. ``more``: there are others after the last one.

    ``count`` of ``people`` have: of those who belong to the room, did so when it was said, and give receipts.
    """

    room: str
    seq: Number
    readers: list[Reader]
    count: Number
    people: Number
    more: bool = False
    ref: str | None = None


class ReceiptSettings(Struct, tag="receipt_settings", frozen=True, omit_defaults=True):
    """Whether the host allows receipts, and whether the person gives them; there are some if both is so."""

    allowed: bool
    given: bool
    ref: str | None = None

    @property
    def active(self) -> bool:
        """Whether there are receipts for the person."""
        return self.allowed and self.given
