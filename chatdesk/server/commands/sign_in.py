"""Going on with another token before the last one ends."""

from __future__ import annotations

from chatdesk.log.bots import is_bot
from chatdesk.protocol import commands, connection_events
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server.auth import BadTokenError, Principal, Role
from chatdesk.server.command_errors import not_joined
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.permissions import Right, may
from chatdesk.server.rate_limits import Spending
from chatdesk.server.recognition import as_bot
from chatdesk.server.session import Session

_NOT_SIGNED_IN = "You have joined without a token: to use one, leave and join with it."
_OTHER_PERSON = "This token is for somebody else than the one you have joined with."
_OTHER_HOST = "This token makes you the host, or no longer: leave, and join with it."


class SignInCommands:
    """Renews a sign-in (``refresh``)."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.rows = (Row(commands.Refresh, None, Spending.QUERIES, self._refresh),)

    def _refresh(self, session: Session, refresh: commands.Refresh) -> None:
        """Take the rights of another token of the same person, and its end. A refused one changes nothing."""
        if session.principal is None or session.person is None:
            raise not_joined()
        principal = self._next_principal(session.principal, refresh.token)
        if principal.nickname and principal.nickname != session.person.nickname:
            self._hub.rename(session.person, principal.nickname)
        session.principal = session.signed_in = principal
        session.person.role = principal.role
        self._hub.roles.note(principal)
        for membership in session.memberships:
            if not may(principal, Right.READ, membership.room):
                self._hub.exit(membership, membership.room)
        session.send(connection_events.Refreshed(principal.expires_in or 0.0, refresh.id))

    def _next_principal(self, now: Principal, token: str) -> Principal:
        """Whom the token proves. Raises ProtocolError unless it is the same person as ``now``."""
        if not now.grant or not self._hub.recognition.tokens:
            raise ProtocolError(ErrorCode.UNAUTHORIZED, _NOT_SIGNED_IN)
        try:
            principal = self._hub.recognition.tokens.principal(token)
        except BadTokenError as error:
            raise ProtocolError(ErrorCode.UNAUTHORIZED, str(error)) from error
        if principal and is_bot(now.identity):
            principal = as_bot(principal)
        if principal is None or principal.identity != now.identity:
            raise ProtocolError(ErrorCode.UNAUTHORIZED, _OTHER_PERSON)
        principal = self._hub.standings.applied(principal)
        if (principal.role is Role.HOST) != (now.role is Role.HOST):
            raise ProtocolError(ErrorCode.UNAUTHORIZED, _OTHER_HOST)
        return principal
