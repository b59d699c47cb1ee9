"""Commands about admission: invitations, and the queue of those who wait for approval."""

from typing import Annotated

from msgspec import Meta, Struct

from chatdesk.protocol.fields import InvitedAs, MessageId
from chatdesk.protocol.limits import (
    ADDRESS_CHARS,
    ID_CHARS,
    INVITATION_SECONDS,
    INVITATION_USES,
    NAME_QUERY_CHARS,
    REASON_CHARS,
)


class Invite(Struct, tag="invite", frozen=True):
    """Make an invitation, for the host and moderators; the answer is ``invited``.

    It lets ``uses`` people in (0 is any number), for ``seconds``. What is not empty is fixed for them: their
    ``nickname``, the ``room`` in which they begin, and their ``role``; only the host invites moderators. With the
    ``address`` of the chat, as this client has it, the answer has the QR code of the link.
    """

    uses: Annotated[int, Meta(ge=0, le=INVITATION_USES)] = 1
    seconds: Annotated[int, Meta(ge=1, le=INVITATION_SECONDS)] = 86_400
    nickname: str = ""
    room: str = ""
    role: InvitedAs = "member"
    address: Annotated[str, Meta(max_length=ADDRESS_CHARS)] = ""
    id: MessageId | None = None


class Invitations(Struct, tag="invitations", frozen=True):
    """Ask for all invitations, for the host and moderators."""

    id: MessageId | None = None


class RevokeInvitation(Struct, tag="revoke_invitation", frozen=True):
    """Let nobody else come by an invitation, which is named as in ``invitations``; the answer is ``invitations``."""

    invitation: Annotated[str, Meta(max_length=ID_CHARS)]
    id: MessageId | None = None


class Queue(Struct, tag="queue", frozen=True):
    """Ask who waits for approval, for the host and moderators."""

    id: MessageId | None = None


class Accept(Struct, tag="accept", frozen=True):
    """Let somebody in who waits: a nickname, or ``@`` and an author; without ``who``, all. The answer is ``queue``."""

    who: Annotated[str, Meta(max_length=NAME_QUERY_CHARS)] = ""
    id: MessageId | None = None


class Decline(Struct, tag="decline", frozen=True):
    """Send somebody away who waits, who is told the ``reason``; the answer is ``queue``."""

    who: Annotated[str, Meta(max_length=NAME_QUERY_CHARS)]
    reason: Annotated[str, Meta(max_length=REASON_CHARS)] = ""
    id: MessageId | None = None


class Approval(Struct, tag="approval", frozen=True):
    """Let newcomers wait for approval, or not, until the chat closes; only the host may. The answer is ``queue``."""

    active: bool = True
    id: MessageId | None = None


AdmissionCommand = Invite | Invitations | RevokeInvitation | Queue | Accept | Decline | Approval
