"""Names that nobody may have: host and moderators ban them while the chat is open, and let them be had again."""

from __future__ import annotations

from chatdesk.log.order import Standing, StandingKind
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import nickname_key
from chatdesk.protocol.text import isolated
from chatdesk.server.auth import Role
from chatdesk.server.banned_names import BannedNames, clean_banned_name
from chatdesk.server.command_errors import denied
from chatdesk.server.hub import Hub
from chatdesk.server.order_acts import Actor, OrderActs, Reply, Target
from chatdesk.server.order_sentences import until_words
from chatdesk.server.permissions import Right, may, outranks

_NOBODY = "name "
"""Begins the identity of a standing about a name; no person's identity has a space."""


class KeepingNames:
    """What raises ProtocolError has done nothing; ``reply`` is called once the act is stored."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._acts = OrderActs(hub)

    def ban(self, actor: Actor, name: str, reason: str, until: int, reply: Reply) -> None:
        """Let nobody have this name, or a name with this ``*part*``; a person who has it keeps it until they leave.

        Raises ProtocolError for the name of somebody who keeps order: they could not come back.
        """
        _require(actor)
        name = clean_banned_name(name)
        banned = BannedNames((name,))
        have_it = [person for person in self._hub.people.values() if person.nickname in banned]
        if trusted := [person.nickname for person in have_it if outranks(person.role, Role.MEMBER)]:
            sentence = f"{isolated(trusted[0])} keeps order here, and has such a name: choose one that is not theirs."
            raise ProtocolError(ErrorCode.FORBIDDEN, sentence)
        target = self._target(name)
        standing = self._acts.new(StandingKind.NAME, actor, target, "", reason, until)
        sentence = f"Nobody new can be called {isolated(name)}{until_words(until, self._hub.standings.now())}."
        if have_it:
            sentence += f" {isolated(have_it[0].nickname)} is here: rename them, if they shall not keep it."
        self._acts.begin(standing, actor, target, "ban_name", reply, sentence)

    def held(self, whom: str) -> Standing | None:
        """The ban of this name, or the one that has ``@`` and this author; None if there is none."""
        bans = (standing for standing in self._hub.standings if standing.kind is StandingKind.NAME)
        key, author = nickname_key(whom), whom.removeprefix("@") if whom.startswith("@") else None
        return next((ban for ban in bans if ban.identity == _NOBODY + key or self._author(ban) == author), None)

    def allow(self, actor: Actor, ban: Standing, reply: Reply) -> None:
        """Let a name be had again."""
        _require(actor)
        target = self._target(ban.nickname)
        self._acts.end([ban], actor, target, "allow_name", reply, f"{isolated(ban.nickname)} can be had again.")

    def _target(self, name: str) -> Target:
        identity = _NOBODY + nickname_key(name)
        return Target(identity, name, self._hub.author(identity))

    def _author(self, ban: Standing) -> str:
        return self._hub.author(ban.identity)


def _require(actor: Actor) -> None:
    if not may(actor.principal, Right.BAN, None):
        raise denied(actor.principal, Right.BAN, None)
