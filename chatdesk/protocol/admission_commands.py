"""Commands about who comes in: invitations."""

from typing import Annotated

from msgspec import Meta, Struct

from chatdesk.protocol.fields import InvitedAs, MessageId
from chatdesk.protocol.limits import (
    ID_CHARS,
    INVITATION_SECONDS,
    INVITATION_USES,
)


class Invite(Struct, tag="invite", frozen=True):
    """Make an invitation, for the host and moderators; the answer is ``invited``.

    It lets ``uses`` people in (0 is any number), for ``seconds``. What is not empty is fixed for them: their
    ``nickname``, the ``room`` in which they begin, and their ``role``; only the host invites moderators.
    """

    uses: Annotated[int, Meta(ge=0, le=INVITATION_USES)] = 1
    seconds: Annotated[int, Meta(ge=1, le=INVITATION_SECONDS)] = 86_400
    nickname: str = ""
    room: str = ""
    role: InvitedAs = "member"
    id: MessageId | None = None


class Invitations(Struct, tag="invitations", frozen=True):
    """Ask for all invitations, for the host and moderators."""

    id: MessageId | None = None


class RevokeInvitation(Struct, tag="revoke_invitation", frozen=True):
    """Let nobody else come by an invitation, which is named as in ``invitations``; the answer is ``invitations``."""

    invitation: Annotated[str, Meta(max_length=ID_CHARS)]
    id: MessageId | None = None


AdmissionCommand = Invite | Invitations | RevokeInvitation
