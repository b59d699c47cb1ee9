"""Events about who may say what when: messages that wait for approval, hands and questions."""

from msgspec import Struct

from chatdesk.protocol.fields import Number

PACE_CAPABILITY = "pace"
"""A client with this capability receives ``held``, ``decided``, ``hands``, ``called`` and ``wait`` without asking."""


class HeldMessage(Struct, frozen=True, omit_defaults=True):
    """A message that waits for approval, by its number ``held``; it has no ``seq`` yet.

    ``declined`` is a sentence for its author: it was not let through. ``id`` is the one that its sender has given it.
    """

    held: Number
    nickname: str
    author: str
    content: str
    timestamp: str
    id: str | None = None
    reply_to: Number | None = None
    action: bool = False
    nameless: bool = False
    declined: str = ""


class Held(Struct, tag="held", frozen=True, omit_defaults=True):
    """Messages of a room that wait for approval: those that are new, or with ``all`` all that the person may see.

    ``waits_for`` is who decides, in words.
    """

    room: str
    messages: list[HeldMessage]
    waits_for: str = ""
    all: bool = False
    ref: str | None = None


class Decided(Struct, tag="decided", frozen=True, omit_defaults=True):
    """A message waits no longer: it was ``approved``, and follows as ``message``; or declined, or taken back.

    ``content`` is a sentence for its author, who alone gets it; ``id`` is the sender's own. ``declined``: the author
    keeps it, with that sentence, until they forget it by ``withdraw``.
    """

    room: str
    held: Number
    approved: bool = False
    declined: bool = False
    content: str = ""
    id: str | None = None
    ref: str | None = None


class Hand(Struct, frozen=True):
    """Somebody who has raised a hand, since when."""

    nickname: str
    author: str
    raised_at: str


class Hands(Struct, tag="hands", frozen=True, omit_defaults=True):
    """The hands that are raised in a room: the first HANDS_SHOWN of them, in order, and how many there are.

    ``place`` is the own one, from 1, in the answer to a command; 0: one's hand is not raised.
    """

    room: str
    hands: list[Hand]
    count: Number
    place: Number | None = None
    ref: str | None = None


class Called(Struct, tag="called", frozen=True, omit_defaults=True):
    """Somebody was called who had raised a hand: it is their turn. ``by`` is who has called them."""

    room: str
    nickname: str
    author: str
    by: str
    timestamp: str
    ref: str | None = None


class Asked(Struct, tag="asked", frozen=True, omit_defaults=True):
    """A question without a name was taken; ``held``: it waits for approval. Nobody else gets this."""

    room: str
    content: str
    held: bool = False
    ref: str | None = None


class Wait(Struct, tag="wait", frozen=True, omit_defaults=True):
    """In a slow room the person may say something in so many ``seconds``; sent on entering, and when this changes."""

    room: str
    seconds: float


PaceEvent = Held | Decided | Hands | Called | Asked | Wait
