"""Events about who comes in: invitations."""

from msgspec import Struct

from chatdesk.protocol.fields import InvitedAs, Number

QUEUE_CAPABILITY = "queue"
"""A client with this capability receives ``invitations`` whenever they change, if its person may."""


class InvitationInfo(Struct, frozen=True, omit_defaults=True):
    """An invitation, without its code. ``uses`` is how many people it lets in (0: any number), ``used`` how many did.

    ``created`` and ``expires`` are timestamps, and ``creator`` is the nickname of who has made it.
    """

    id: str
    uses: Number
    used: Number
    created: str
    expires: str
    creator: str = ""
    nickname: str = ""
    room: str = ""
    role: InvitedAs = "member"


class Invited(Struct, tag="invited", frozen=True, omit_defaults=True):
    """An invitation is made. The ``code`` is told only now: it opens the chat as ``#invite=code`` behind the address,
    or as the ``invitation`` of a join.
    """

    invitation: InvitationInfo
    code: str
    ref: str | None = None


class Invitations(Struct, tag="invitations", frozen=True, omit_defaults=True):
    """All invitations, the newest first; those whose end is more than a day ago are left out."""

    invitations: list[InvitationInfo]
    ref: str | None = None


AdmissionEvent = Invited | Invitations
