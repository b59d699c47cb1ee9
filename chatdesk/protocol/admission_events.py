"""Events about admission: invitations, and the queue of those who wait for approval."""

from msgspec import Struct

from chatdesk.protocol.fields import ClientKind, InvitedAs, Number

QUEUE_CAPABILITY = "queue"
"""A client with this capability receives ``queue`` and ``invitations`` whenever they change, if its person may."""


class Waiting(Struct, tag="waiting", frozen=True, omit_defaults=True):
    """The answer to a join that the host or a moderator has to approve: the client waits, and is told of each step.

    ``position`` is the place in the queue, from 1, and ``waited`` for how many seconds the person has been in it. The
    end is the ``welcome``, or an ``error`` ``declined``. A client that is back within ``keeps`` seconds after a lost
    connection, with the same token, has the same place. ``name`` is that of the chat, ``host`` the host's nickname.
    """

    position: Number
    content: str
    nickname: str
    name: str
    host: str = ""
    waited: Number = 0
    keeps: Number = 0
    ref: str | None = None


class Waiter(Struct, frozen=True, omit_defaults=True):
    """Somebody who waits for approval, for so many seconds; ``lost``: their connection is, and they may be back."""

    nickname: str
    author: str
    client: ClientKind = "terminal"
    waited: Number = 0
    lost: bool = False


class Queue(Struct, tag="queue", frozen=True, omit_defaults=True):
    """Those who wait for approval, the first at most 100, in order; ``count`` of all. ``approval``: newcomers wait."""

    people: list[Waiter]
    count: Number = 0
    approval: bool = False
    ref: str | None = None


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
    or as the ``invitation`` of a join. ``qr`` is the QR code of the link with the ``address`` of the command: rows of
    modules without the margin, ``1`` where one is dark.
    """

    invitation: InvitationInfo
    code: str
    qr: list[str] = []
    ref: str | None = None


class Invitations(Struct, tag="invitations", frozen=True, omit_defaults=True):
    """All invitations, the newest first; those whose end is more than a day ago are left out."""

    invitations: list[InvitationInfo]
    ref: str | None = None


AdmissionEvent = Waiting | Queue | Invited | Invitations
