"""Which role people have in the chat, also when they are not here just now."""

from chatdesk.server.auth import Principal, Role
from chatdesk.server.identity import HOST
from chatdesk.server.standings import Standings


class ChatRoles:
    """The roles with which people have joined last, or that the host has given since."""

    def __init__(self, standings: Standings) -> None:
        self._standings = standings
        self._roles: dict[str, Role] = {HOST: Role.HOST}

    def note(self, principal: Principal) -> None:
        """Somebody has joined, or goes on, with this role."""
        self._roles.pop(principal.identity, None)  # it may have been taken from them
        if principal.role is not Role.MEMBER:
            self._roles[principal.identity] = principal.role

    def of(self, identity: str) -> Role:
        """The role of an identity."""
        return self._standings.applied(Principal(identity, role=self._roles.get(identity, Role.MEMBER))).role
