"""What an invitation fixes for those who come by it."""

from msgspec.structs import replace

from chatdesk.log.invitation import Invitation
from chatdesk.protocol.commands import Join
from chatdesk.protocol.invitation_code import looks_like_code
from chatdesk.server.auth import Role
from chatdesk.server.recognition import Recognised

_ROLES = {"moderator": Role.MODERATOR, "member": Role.MEMBER, "guest": Role.GUEST}


def as_invited(join: Join, invitation: Invitation) -> Join:
    """The join with the nickname and the room that the invitation fixes, and without a code in place of a token."""
    token = None if join.token and looks_like_code(join.token) else join.token
    nickname, room = invitation.nickname or join.nickname, invitation.room or join.room
    return replace(join, nickname=nickname, room=room, token=token)


def with_role(who: Recognised, invitation: Invitation) -> Recognised:
    """Somebody with the role that the invitation gives; a host stays one, and a moderator is made no less."""
    role = _ROLES[invitation.role]
    if who.principal.role in (Role.HOST, Role.MODERATOR):
        return who
    return who._replace(principal=who.principal._replace(role=role))
