"""What people do to a message that is there: the acts, what they leave on its record, and why they may be refused."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from chatdesk.protocol.commands import Mentioned

MAX_REACTIONS = 20
"""Different reactions of a message."""
MAX_OWN_REACTIONS = 10
"""Reactions of one person with which they may still add a new one to the message."""


class Remover(StrEnum):
    """As what somebody has deleted a message."""

    AUTHOR = "author"
    HOST = "host"
    MODERATOR = "moderator"


class Removal(NamedTuple):
    """Who has deleted a message: as what, and under which nickname."""

    by: Remover
    nickname: str


class Reactor(NamedTuple):
    """Somebody who has reacted: under which nickname, and their public id."""

    nickname: str
    author: str


class Reaction(Struct, frozen=True, array_like=True):
    """All who have reacted with one emoji: how many, and the first REACTION_NAMES of them."""

    emoji: str
    count: int
    people: tuple[Reactor, ...]


class Reactors(NamedTuple):
    """Some of those who have reacted with one emoji, in that order; ``more``: there are others after them."""

    people: list[Reactor]
    more: bool


class Edit(NamedTuple):
    """Another content for message ``seq``; ``identity`` is of the person who edits it.

    A message from before ``earliest``, in milliseconds since 1970, is not edited any more.
    """

    seq: int
    content: str
    identity: str
    earliest: int = 0
    mentions: tuple[Mentioned, ...] = ()


class Delete(NamedTuple):
    """Message ``seq`` goes, and leaves who has deleted it.

    ``others`` is as what the person may delete what others have said; None if they may not.
    """

    seq: int
    identity: str
    nickname: str
    others: Remover | None = None


class React(NamedTuple):
    """A reaction is there from now on, or not any more; ``emoji`` is in its one form."""

    seq: int
    emoji: str
    active: bool
    identity: str
    nickname: str


class Pin(NamedTuple):
    """A message is pinned from now on, or not any more."""

    seq: int
    active: bool


Act = Edit | Delete | React | Pin


@dataclass(frozen=True, slots=True)
class NotYours:
    """Somebody else has said this."""


@dataclass(frozen=True, slots=True)
class AlreadyDeleted:
    """The message was deleted: nothing else can be done with it."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """The message is too old to be edited."""


@dataclass(frozen=True, slots=True)
class TooManyReactions:
    """The message, or this person on it, has too many different reactions for a new one."""


@dataclass(frozen=True, slots=True)
class TooManyPins:
    """The room has PINS_PAGE pinned messages."""
