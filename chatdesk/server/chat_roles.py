"""Which role people have in the chat, also when they are not here just now."""

from collections.abc import Callable

from chatdesk.server.auth import Principal, Role
from chatdesk.server.identity import HOST
from chatdesk.server.standings import Standings


class ChatRoles:
    """The roles with which people have joined last, or that the host has given since.

    ``keep`` is called with each identity that is not a member, so that its role is forgotten with all else.
    """

    def __init__(self, standings: Standings, keep: Callable[[str], None]) -> None:
        self._standings = standings
        self._keep = keep
        self._roles: dict[str, Role] = {HOST: Role.HOST}

    def note(self, principal: Principal) -> None:
        """Somebody has joined, or goes on, with this role."""
        self._roles.pop(principal.identity, None)  # it may have been taken from them
        if principal.role is not Role.MEMBER:
            self._roles[principal.identity] = principal.role
            self._keep(principal.identity)

    def forget(self, identity: str) -> None:
        """Nothing is kept any more of somebody who is away: they are a member until they join."""
        if identity != HOST:
            self._roles.pop(identity, None)

    def of(self, identity: str) -> Role:
        """The role of an identity."""
        return self._standings.applied(Principal(identity, role=self._roles.get(identity, Role.MEMBER))).role
