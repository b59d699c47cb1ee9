"""Who is there, under which name, and whether they are away."""

from __future__ import annotations

from chatdesk.protocol import commands
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import STATUS_CHARS
from chatdesk.protocol.text import one_line
from chatdesk.server.auth import Principal
from chatdesk.server.command_errors import denied, not_joined
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right, may
from chatdesk.server.rate_limits import Spending
from chatdesk.server.session import Session


class People:
    """Asking who is there, and changing how one is shown oneself."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.rows = (
            Row(commands.Users, Right.LIST_PEOPLE, Spending.QUERIES, self._users),
            Row(commands.Nick, None, Spending.MESSAGES, self._nick),
            Row(commands.SetStatus, None, Spending.QUERIES, self._status),
        )

    @staticmethod
    def _users(session: Session, membership: Membership, users: commands.Users) -> None:
        session.send(membership.room.users_page(users))

    def _nick(self, session: Session, nick: commands.Nick) -> None:
        person, principal = session.person, session.principal
        if person is None or principal is None:
            raise not_joined()
        _require_may_name(principal)
        if principal.nickname:
            raise ProtocolError(ErrorCode.FORBIDDEN, "Your name comes with your sign-in: it cannot be changed here.")
        self._hub.rename(person, nick.nickname)

    def _status(self, session: Session, status: commands.SetStatus) -> None:
        person = session.person
        if person is None or session.principal is None:
            raise not_joined()
        if status.text:
            _require_may_name(session.principal)
        if status.idle is not None:
            session.idle = status.idle
        text = person.status_text if status.text is None else one_line(status.text, STATUS_CHARS)
        self._hub.set_status(person, status.status or person.chosen_status, text)


def _require_may_name(principal: Principal) -> None:
    """Raises ProtocolError for somebody who may not say how they are called, or what they do."""
    if not may(principal, Right.NAME_ONESELF, None):
        raise denied(principal, Right.NAME_ONESELF, None)
