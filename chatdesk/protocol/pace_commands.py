"""Commands about who may say what when: the pace of a room, messages that wait for approval, hands and questions."""

from typing import Annotated

from msgspec import Meta, Struct

from chatdesk.protocol.fields import MessageId, Number
from chatdesk.protocol.limits import REASON_CHARS, SLOW_SECONDS


class Pace(Struct, tag="pace", frozen=True):
    """Set the pace of a room, for the host and moderators; what is left out stays. Everybody in it gets ``room``.

    ``slow``: each person says one message in so many seconds (0: as many as they like). ``announce``: only the host and
    moderators write. ``hold``: what others write is shown once one of these approves it. ``nameless``: questions
    without a name are possible, see ``ask``.
    """

    slow: Annotated[int, Meta(ge=0, le=SLOW_SECONDS)] | None = None
    announce: bool | None = None
    hold: bool | None = None
    nameless: bool | None = None
    room: str | None = None
    id: MessageId | None = None


class Held(Struct, tag="held", frozen=True):
    """Ask for the messages of a room that wait for approval: the host and moderators see all, others their own."""

    room: str | None = None
    id: MessageId | None = None


class Approve(Struct, tag="approve", frozen=True):
    """Let everybody see a message that waits; ``held`` is its number. The answer is ``decided``."""

    held: Number
    id: MessageId | None = None


class Refuse(Struct, tag="refuse", frozen=True):
    """Do not let a message that waits be seen; its author reads the ``reason``. The answer is ``decided``."""

    held: Number
    reason: Annotated[str, Meta(max_length=REASON_CHARS)] = ""
    id: MessageId | None = None


class Withdraw(Struct, tag="withdraw", frozen=True):
    """Take back a message of one's own that waits, or forget one that was declined. The answer is ``decided``."""

    held: Number
    id: MessageId | None = None


class Hand(Struct, tag="hand", frozen=True):
    """Raise one's hand in a room, or lower it; the answer is ``hands``."""

    active: bool = True
    room: str | None = None
    id: MessageId | None = None


class Hands(Struct, tag="hands", frozen=True):
    """Ask who has raised a hand in a room."""

    room: str | None = None
    id: MessageId | None = None


class Call(Struct, tag="call", frozen=True):
    """Call somebody who has raised a hand, and lower it, for the host and moderators; without ``author`` the first."""

    author: Annotated[str, Meta(max_length=64)] = ""
    room: str | None = None
    id: MessageId | None = None


class Lower(Struct, tag="lower", frozen=True):
    """Lower somebody's hand, for the host and moderators; without ``author`` all hands of the room."""

    author: Annotated[str, Meta(max_length=64)] = ""
    room: str | None = None
    id: MessageId | None = None


class Ask(Struct, tag="ask", frozen=True):
    """Ask something without one's name, where the room allows it; the answer is ``asked``.

    Everybody gets a ``nameless`` message, whose author id belongs to this question alone. Nothing that is kept tells
    who has asked, so nobody can edit it, and only the host and moderators can delete it.
    """

    content: str
    room: str | None = None
    id: MessageId | None = None


PaceCommand = Pace | Held | Approve | Refuse | Withdraw | Hand | Hands | Call | Lower | Ask
