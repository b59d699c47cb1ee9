"""Events of keeping order: what holds for oneself, and the answers to host and moderators."""

from typing import Literal

from msgspec import Struct

from chatdesk.protocol.fields import Number

ORDER_CAPABILITY = "order"
"""A client with this capability receives ``standing``; others are told the same in a sentence."""
RoleName = Literal["host", "moderator", "member", "guest"]


class Standing(Struct, tag="standing", frozen=True, omit_defaults=True):
    """What one is in a room, and what one may do there; a client that gets none is a member who is not muted.

    ``rights`` are the words of all that the host and moderators may more than members; without ``everywhere`` in this
    room alone. ``muted``: one can only read,
    until ``until`` if that is given, because ``by`` has said so.
    """

    room: str
    role: RoleName = "member"
    rights: tuple[str, ...] = ()
    everywhere: bool = False
    muted: bool = False
    until: str = ""
    by: str = ""
    reason: str = ""


class Done(Struct, tag="done", frozen=True, omit_defaults=True):
    """What a command of keeping order has done, to whom, and until when; ``content`` is a sentence about it.

    ``before`` is what was so before: the role, or the name.
    """

    act: str
    nickname: str
    author: str
    content: str
    room: str = ""
    until: str = ""
    reason: str = ""
    before: str = ""
    ref: str | None = None


class Neighbours(Struct, tag="neighbours", frozen=True, omit_defaults=True):
    """Which others here come from the same ``address`` as somebody: their number, and the first names."""

    nickname: str
    author: str
    address: str
    names: tuple[str, ...] = ()
    count: Number = 0
    ref: str | None = None


class InForce(Struct, frozen=True, omit_defaults=True):
    """What holds for somebody: ``kind`` is ``banned``, ``removed``, ``muted`` or ``role``; ``value`` is the role.

    With the kind ``name`` nobody may have the name that is its ``nickname``.
    """

    kind: str
    nickname: str
    author: str
    at: str
    by: str
    room: str = ""
    value: str = ""
    until: str = ""
    reason: str = ""


class Bans(Struct, tag="bans", frozen=True, omit_defaults=True):
    """What holds for whom, newest first; ``more``: there are older ones."""

    standings: list[InForce]
    more: bool = False
    ref: str | None = None


class AuditEntry(Struct, frozen=True, omit_defaults=True):
    """An entry of the audit trail; ``number`` grows with time, and ``detail`` is such as the role or the new name."""

    number: Number
    at: str
    act: str
    by: str
    nickname: str
    author: str
    room: str = ""
    reason: str = ""
    until: str = ""
    detail: str = ""


class Audit(Struct, tag="audit", frozen=True, omit_defaults=True):
    """Entries of the audit trail, newest first; ``more``: there are older ones."""

    entries: list[AuditEntry]
    more: bool = False
    ref: str | None = None


class OrderKept(Struct, tag="order_kept", frozen=True, omit_defaults=True):
    """Order was kept, or what held has ended: ``bans`` and ``audit`` are others now.

    For clients with the capability ``order`` whose person may ask for these; at most twice a second.
    """


OrderEvent = Standing | Done | Neighbours | Bans | Audit | OrderKept
