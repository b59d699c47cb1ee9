"""Events of reactions: emoji with which people answer a message."""

from msgspec import Struct

from chatdesk.protocol.fields import Number


class Reactor(Struct, frozen=True, omit_defaults=True):
    """Somebody who has reacted, under the nickname of then."""

    nickname: str
    author: str = ""


class Reaction(Struct, frozen=True, omit_defaults=True):
    """All who have reacted to a message with one emoji: how many, and the first REACTION_NAMES of them."""

    emoji: str
    count: Number
    people: tuple[Reactor, ...]


class Reactions(Struct, tag="reactions", frozen=True, omit_defaults=True):
    """Who has reacted to a message with an emoji, in that order; ``more``: there are others after the last one."""

    room: str
    seq: Number
    emoji: str
    people: list[Reactor]
    more: bool = False
    ref: str | None = None


class OwnReaction(Struct, frozen=True):
    """With what the person who has asked has reacted to a message."""

    seq: Number
    emoji: list[str]


class OwnReactions(Struct, tag="own_reactions", frozen=True, omit_defaults=True):
    """With what one has reacted oneself, to the messages from number ``first`` to ``last``; the others are left out."""

    room: str
    first: Number
    last: Number
    messages: list[OwnReaction]
    ref: str | None = None
