"""What an invitation fixes for the people who use it."""

from collections.abc import Callable

from msgspec.structs import replace

from chatdesk.log.bots import is_bot
from chatdesk.log.invitation import Invitation
from chatdesk.log.order import AuditEntry, Standing, StandingKind
from chatdesk.log.rooms import WHOLE_CHAT
from chatdesk.protocol.commands import Join
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.invitation_code import looks_like_code
from chatdesk.server.auth import Role
from chatdesk.server.hub import Hub
from chatdesk.server.permissions import at_most_member
from chatdesk.server.person import Person
from chatdesk.server.recognition import Recognised
from chatdesk.server.standings import MAX_STANDINGS

_MOST_STANDINGS = MAX_STANDINGS // 2
"""Beyond it nobody else gets a role by an invitation, so that invitations cannot keep the host from banning."""
_ROLES = {"moderator": Role.MODERATOR, "member": Role.MEMBER, "guest": Role.GUEST}


def as_invited(join: Join, invitation: Invitation) -> Join:
    """The join with the nickname and the room that the invitation fixes, and without a code in place of a token."""
    token = None if join.token and looks_like_code(join.token) else join.token
    nickname, room = invitation.nickname or join.nickname, invitation.room or join.room
    return replace(join, nickname=nickname, room=room, token=token)


def with_role(who: Recognised, invitation: Invitation) -> Recognised:
    """Somebody with the role that the invitation gives; a host stays one, a moderator is made no less.

    A bot is no moderator, however it comes.
    """
    role = _ROLES[invitation.role]
    if who.principal.role in (Role.HOST, Role.MODERATOR):
        return who
    if is_bot(who.principal.identity):
        role = at_most_member(role)
    return who._replace(principal=who.principal._replace(role=role))


def keep_entry(hub: Hub, person: Person, invitation: Invitation) -> Callable[[], None]:
    """Somebody is in by the invitation: they come back without it, past the chat's password and with their role.

    Returns a function that takes that back. Raises ProtocolError where no more roles can be kept: without it they would
    come back as a member.
    """
    gets_pass = bool(hub.directory.chat.password) and not hub.passes.has(person.identity, WHOLE_CHAT)
    if gets_pass:
        hub.passes.give(person.identity, WHOLE_CHAT)
    standing = _keep_role(hub, person, invitation)

    def take_back() -> None:
        if gets_pass:
            hub.passes.take(person.identity, WHOLE_CHAT)
        if standing:
            hub.standings.end(standing)
            hub.order.store([], [standing], None, lambda _problem: hub.order_news.kept())

    return take_back


def _keep_role(hub: Hub, person: Person, invitation: Invitation) -> Standing | None:
    role = hub.standings.get(person.identity, StandingKind.ROLE)
    is_given = person.role is _ROLES[invitation.role]  # not to a host or moderator, nor a bot that would be one
    if invitation.role == "member" or role or not is_given:
        return None
    if len(hub.standings) >= _MOST_STANDINGS:
        sentence = "Very many people have come by invitations already: ask for one that makes you a member."
        raise ProtocolError(ErrorCode.TOO_MANY_INVITATIONS, sentence)
    at, creator, nickname = hub.standings.now(), invitation.creator, person.nickname
    kind, value = StandingKind.ROLE, invitation.role
    standing = Standing(person.identity, kind, nickname=nickname, value=value, by=creator, at=at)
    hub.standings.begin(standing)
    entry = AuditEntry(at, "role", creator, nickname, person.identity, reason="By invitation", detail=value)
    hub.order.store([standing], [], entry, lambda _problem: hub.order_news.kept())
    return standing
