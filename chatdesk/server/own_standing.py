"""What people are told of themselves: their role in a room, what they may do there, and whether they are muted."""

from __future__ import annotations

from chatdesk.protocol import order_events, times
from chatdesk.server.auth import Principal, Role
from chatdesk.server.permissions import MEMBERS, OF_THE_CHAT, RoomRoles, muting, outranks, rights_of, role_in
from chatdesk.server.session import Session

_WORDS: dict[Role, order_events.RoleName] = {
    Role.HOST: "host",
    Role.MODERATOR: "moderator",
    Role.MEMBER: "member",
    Role.GUEST: "guest",
}


def own_standing(principal: Principal, room: str, roles: RoomRoles) -> order_events.Standing:
    """What the principal is in a room that has these roles, and what they may do there."""
    muted, role = muting(principal, roles), role_in(principal, roles) or principal.role
    everywhere = outranks(principal.role, Role.MEMBER)
    rights = rights_of(principal, roles) - MEMBERS - (frozenset() if everywhere else OF_THE_CHAT)
    more = tuple(sorted(right.name.lower() for right in rights))
    if muted is None:
        return order_events.Standing(room, _WORDS[role], more, everywhere)
    until = times.timestamp(muted.until) if muted.until else ""
    why = (True, until, muted.by, muted.reason)
    return order_events.Standing(room, _WORDS[role], more, everywhere, *why)


def tell_newcomer(session: Session, room: str, roles: RoomRoles) -> None:
    """Tell a session that has entered a room what its person is there, unless that is what everybody is."""
    if not session.keeps_order or session.principal is None:
        return
    standing = own_standing(session.principal, room, roles)
    if standing.role != "member" or standing.muted:
        session.send(standing)
