"""Commands by which host and moderators keep order: who may be here, who may speak, who is a moderator.

``whom`` is a nickname, or ``@`` and an author. Without a ``room`` they are about the whole chat. Whoever has done
something gets ``done``.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatdesk.protocol.fields import MessageId, Seq
from chatdesk.protocol.limits import AUDIT_PAGE, NAME_QUERY_CHARS, ORDER_MINUTES, REASON_CHARS

Whom = Annotated[str, Meta(min_length=1, max_length=NAME_QUERY_CHARS)]
Reason = Annotated[str, Meta(max_length=REASON_CHARS)]
Minutes = Annotated[int, Meta(ge=0, le=ORDER_MINUTES)]
GivenRole = Literal["moderator", "member", "guest"]
"""A role that the host can give; who is host is told by a token alone."""
MUTED_MINUTES = 10
"""How long somebody is muted where nothing else is said: until the lesson goes on."""


class SetRole(Struct, tag="role", frozen=True):
    """Give somebody another role; only the host may."""

    whom: Whom
    role: GivenRole
    room: str | None = None
    reason: Reason = ""
    id: MessageId | None = None


class Remove(Struct, tag="remove", frozen=True):
    """Send somebody out, on all devices; they can come back after so many ``minutes``."""

    whom: Whom
    room: str | None = None
    reason: Reason = ""
    minutes: Minutes = 0
    id: MessageId | None = None


class Ban(Struct, tag="ban", frozen=True):
    """Keep somebody, and their name, out of the chat for so many ``minutes``: by default until this evening.

    0 is for good. ``address``: everybody else at that address, too; ``neighbours`` says who that is.
    """

    whom: Whom
    reason: Reason = ""
    minutes: Minutes | None = None
    address: bool = False
    id: MessageId | None = None


class BanName(Struct, tag="ban_name", frozen=True):
    """Let nobody have a name, nor one like it, for so many ``minutes``; 0 is for good. ``*part*`` is any name with it.

    Who has it keeps it until they leave.
    """

    nickname: Whom
    reason: Reason = ""
    minutes: Minutes = 0
    id: MessageId | None = None


class Unban(Struct, tag="unban", frozen=True):
    """Let somebody come in again who was removed or banned, or let a name be had that was banned."""

    whom: Whom
    room: str | None = None
    id: MessageId | None = None


class Mute(Struct, tag="mute", frozen=True):
    """Let somebody only read, for so many ``minutes``; 0 is until ``unmute``."""

    whom: Whom
    room: str | None = None
    reason: Reason = ""
    minutes: Minutes = MUTED_MINUTES
    id: MessageId | None = None


class Unmute(Struct, tag="unmute", frozen=True):
    """Let somebody speak again."""

    whom: Whom
    room: str | None = None
    id: MessageId | None = None


class Rename(Struct, tag="rename", frozen=True):
    """Give somebody else another nickname; everybody gets ``renamed``."""

    whom: Whom
    nickname: str
    reason: Reason = ""
    id: MessageId | None = None


class Neighbours(Struct, tag="neighbours", frozen=True):
    """Ask which others here come from the same address as somebody."""

    whom: Whom
    id: MessageId | None = None


class Bans(Struct, tag="bans", frozen=True):
    """Ask who is banned, removed or muted now, and who has been given a role."""

    id: MessageId | None = None


class Audit(Struct, tag="audit", frozen=True):
    """Ask for the newest entries of the audit trail, older than number ``before`` if given."""

    before: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=AUDIT_PAGE)] = AUDIT_PAGE
    id: MessageId | None = None


OrderCommand = SetRole | Remove | Ban | BanName | Unban | Mute | Unmute | Rename | Neighbours | Bans | Audit
