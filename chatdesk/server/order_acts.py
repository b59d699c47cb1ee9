"""Acts of keeping order: what begins and ends to hold by them, is stored, and stands in the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from chatdesk.log.order import AuditEntry, Standing, StandingKind
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server.auth import Principal
from chatdesk.server.hub import Hub
from chatdesk.server.standings import MAX_STANDINGS

_TOO_MANY = "Very many people are banned, muted or have roles: end some of that first, with bans and unban."


class Actor(NamedTuple):
    """Who keeps order."""

    principal: Principal
    nickname: str


class Target(NamedTuple):
    """Somebody to whom something is done, whether or not they are here."""

    identity: str
    nickname: str
    author: str


class Outcome(NamedTuple):
    """What has been done. ``before`` is what was so before, such as the role; ``problem`` how far it holds
    where it could not be stored."""

    target: Target
    sentence: str
    until: int = 0
    before: str = ""
    problem: str = ""


Reply = Callable[[Outcome], None]


class OrderActs:
    """Lets standings begin and end in the hub. ``reply`` is called once that is stored."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._standings = hub.standings

    def new(
        self,
        kind: StandingKind,
        actor: Actor,
        target: Target,
        room: str,
        reason: str,
        until: int,
        value: str = "",
    ) -> Standing:
        """What the actor lets hold for somebody from now on."""
        now = self._standings.now()
        return Standing(target.identity, kind, room, target.nickname, value, reason, until, actor.nickname, now)

    def begin(
        self,
        standing: Standing,
        actor: Actor,
        target: Target,
        act: str,
        reply: Reply,
        sentence: str,
        before: str = "",
    ) -> None:
        """Let a standing hold, and store it. Raises ProtocolError if there are too many."""
        if len(self._standings) >= MAX_STANDINGS:
            raise ProtocolError(ErrorCode.FORBIDDEN, _TOO_MANY)
        self._standings.begin(standing)
        self.store([standing], [], standing, act, outcome_reply(reply, target, sentence, standing.until, before))

    def end(
        self, ended: Iterable[Standing], actor: Actor, target: Target, act: str, reply: Reply, sentence: str
    ) -> None:
        """Let these standings hold no more, and store that."""
        held = list(ended)
        for standing in held:
            self._standings.end(standing)
        entry = self.new(held[0].kind, actor, target, held[0].room, "", 0)
        self.store([], held, entry, act, outcome_reply(reply, target, sentence))

    def store(
        self, begun: list[Standing], ended: list[Standing], done: Standing, act: str, reply: Callable[[str], None]
    ) -> None:
        """Store it with an entry of the audit trail that says what was ``done``."""

        def stored(problem: str) -> None:
            reply(problem)
            self._hub.order_news.kept()

        said = (done.at, act, done.by, done.nickname, done.identity, done.room, done.reason, done.until, done.value)
        self._hub.order.store(begun, ended, AuditEntry(*said), stored)


def outcome_reply(
    reply: Reply, target: Target, sentence: str, until: int = 0, before: str = ""
) -> Callable[[str], None]:
    """What the store calls: with why it cannot store the act, or an empty text."""
    return lambda problem: reply(Outcome(target, sentence, until, before, problem))
