"""What a store keeps of a room besides its messages: settings, and who belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chatdesk.protocol.fields import Level, NewcomersSee
from chatdesk.protocol.names import PRIVATE_PREFIX


class RoomSettings(NamedTuple):
    """The settings of a room.

    ``creator`` is the identity that has opened it first. A room that was ``created`` stays also while nothing was said
    in it; one that somebody has only entered goes with them. ``closed``: it is for the host alone, as an imported
    one is until the host opens it. ``password`` is the hash of the room's, empty where it has none. ``locked``: nobody
    who is new may come in. The last four are its pace: seconds between two messages of a person, whether only host and
    moderators write, whether messages wait for approval, and whether questions without a name are possible.
    """

    topic: str = ""
    archived: bool = False
    newcomers: NewcomersSee = "all"
    creator: str = ""
    created: bool = False
    closed: bool = False
    password: str = ""
    locked: bool = False
    slow: int = 0
    announce: bool = False
    hold: bool = False
    nameless: bool = False


WHOLE_CHAT = ""
"""The name under which those settings stand that are the chat's as a whole; no room has it."""


def asked_for(settings: RoomSettings) -> tuple[str, ...]:
    """What somebody who is new is asked for, and whether nobody may come in, in stable words."""
    return (*(["password"] if settings.password else []), *(["locked"] if settings.locked else []))


class RoomExtent(NamedTuple):
    """The epoch of a room, and the numbers of its newest message and its oldest one."""

    epoch: str = ""
    last_seq: int = 0
    first_seq: int = 1

    @property
    def messages(self) -> int:
        """How many messages the room holds, deleted ones included."""
        return max(0, self.last_seq - self.first_seq + 1)


class Subscription:
    """That an identity belongs to a room, whether or not it is connected.

    ``joined``: they have entered it and not left. ``read`` is the last message they have seen, and ``since`` the last
    one that was said before they came: both are numbers of the room's present epoch. ``nickname`` is the last one used
    there.

    ``read`` may be set back, as a reminder to oneself. What others are told follows ``furthest``, which never goes
    back; ``start`` is where the mark stood when it was made, or when they last read with receipts turned off: nobody is
    told whether they have read what was said before.
    """

    __slots__ = ("furthest", "joined", "level", "nickname", "read", "since", "start")

    def __init__(
        self,
        *,
        joined: bool = True,
        level: Level = "all",
        read: int = 0,
        since: int = 0,
        nickname: str = "",
        start: int | None = None,
        furthest: int | None = None,
    ) -> None:
        self.joined = joined
        self.level = level
        self.read = read
        self.since = since
        self.nickname = nickname
        self.start = read if start is None else start
        self.furthest = read if furthest is None else furthest

    def merge(self, other: Subscription, *, later: bool) -> None:
        """Learn what the same person has done on another server of the chat; ``later``: after all that is known here.

        The mark that is further holds, whichever comes later.
        """
        if other.furthest > self.furthest or (later and other.furthest == self.furthest):
            self.read, self.start, self.furthest = other.read, other.start, other.furthest
        self.since = min(self.since, other.since)
        if later:
            self.joined, self.level, self.nickname = other.joined, other.level, other.nickname

    def has_read(self, seq: int) -> bool:
        """Whether they have read this message, as far as is known."""
        return self.start < seq <= self.furthest

    def restart(self, last_seq: int) -> None:
        """The room has another log, whose newest message has this number: nothing in it is unread.

        Who has come too late for what was said before does not see the beginning of that log either.
        """
        self.read = self.start = self.furthest = last_seq
        self.since = last_seq if self.since else 0


class Reading(NamedTuple):
    """How far somebody came within a minute, which is counted since 1970."""

    identity: str
    room: str
    minute: int
    seq: int


KEPT_MINUTES = 7 * 24 * 60
"""For how long it is kept when somebody came past a message: nobody asks for the minute of last week."""


class StoredSubscription(NamedTuple):
    """A subscription as it is stored, and whose it is."""

    identity: str
    room: str
    subscription: Subscription


class SubscriptionRow(NamedTuple):
    """A subscription as a row of its table; see ``Subscription``."""

    identity: str
    room: str
    joined: bool
    level: Level
    read: int
    since: int
    nickname: str
    start: int
    furthest: int

    def up_to(self, last_seq: int) -> SubscriptionRow:
        """The row in a room whose newest message has this number: its history may have been deleted meanwhile."""
        if self.furthest <= last_seq:
            return self
        marks = {name: min(getattr(self, name), last_seq) for name in ("read", "since", "start", "furthest")}
        return self._replace(**marks)

    @property
    def stored(self) -> StoredSubscription:
        """The subscription of the row."""
        about = self._asdict()
        return StoredSubscription(about.pop("identity"), about.pop("room"), Subscription(**about))


def private_room(author: Callable[[str], str], one: str, other: str) -> str:
    """Return the id of the private room of two identities, the same for both of them; it tells nothing about them."""
    return PRIVATE_PREFIX + author("\0".join(sorted((one, other))))


class Unread(NamedTuple):
    """How many messages of others come after a mark, at most MOST_UNREAD, and how many of them mention the reader."""

    messages: int = 0
    mentions: int = 0


MOST_UNREAD = 1_000
"""Nobody reads more of a number than "999+", and counting has an end."""
