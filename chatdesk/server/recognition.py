"""Who joins: the principal and the nickname, found before anything is held for somebody who may not be let in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chatdesk.log.bots import BOT, is_bot
from chatdesk.protocol.commands import CLIENT_TOKEN_PREFIX, Join
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import clean_nickname, nickname_key
from chatdesk.server.auth import Authenticator, Principal, Scope
from chatdesk.server.identity import Identities
from chatdesk.server.nickname_reservations import NicknameReservations
from chatdesk.server.person import Person


class Recognised(NamedTuple):
    """Somebody who wants to join, and the nickname that they will have, in its cleaned spelling."""

    principal: Principal
    nickname: str


class Recognition:
    """Recognises people by their tokens. It changes nothing: whom it recognises has no nickname and no place yet."""

    def __init__(
        self, people: Mapping[str, Person], reservations: NicknameReservations, identities: Identities
    ) -> None:
        self._people = people
        self._reservations = reservations
        self._identities = identities
        self.authenticators: list[Authenticator] = [identities]

    def principal(self, token: str) -> Principal | None:
        """Whom a token proves, by the first authenticator that recognises it."""
        return next(filter(None, (authenticator.principal(token) for authenticator in self.authenticators)), None)

    def recognise(self, join: Join, cookie_tokens: tuple[str, ...]) -> Recognised:
        """Who joins; ``cookie_tokens`` are those that their browser has kept.

        Raises ProtocolError for a name that cannot be one, or a token that does not open the chat.
        """
        principal = self.principal(join.token) if join.token else None
        nickname = clean_nickname((principal and principal.nickname) or join.nickname)
        owner = self._proven_owner(nickname_key(nickname), cookie_tokens)
        principal = owner or principal or Principal(self._identities.new())
        check_admission(principal)
        if join.client == "bot" and not is_bot(principal.identity):
            principal = Principal(f"{BOT}{principal.identity}")  # whoever's token it brings, it is a bot of its own
        return Recognised(principal, nickname)

    def knows(self, principal: Principal, token: str | None) -> bool:
        """Whether the token is one that somebody gets who is let in; one that a client has made itself is not."""
        if not token or token.startswith(CLIENT_TOKEN_PREFIX):
            return False
        owner = self.principal(token)
        return owner is not None and owner.identity == principal.identity.removeprefix(BOT)

    def _proven_owner(self, key: str, tokens: tuple[str, ...]) -> Principal | None:
        """The principal who has or reserves this nickname, if one of the tokens proves it; else None."""
        person = self._people.get(key)
        owner = person.identity if person else self._reservations.holder(key)
        if owner is None:
            return None
        principals = filter(None, map(self.principal, tokens))
        return next((principal for principal in principals if principal.identity == owner), None)


def check_admission(principal: Principal) -> None:
    """Raises ProtocolError for a principal whom the chat does not admit."""
    if principal.scope is not Scope.CHAT:
        sentence = "This token is for the doctor alone: it does not open the chat. Join without it."
        raise ProtocolError(ErrorCode.FORBIDDEN, sentence)
    if principal.expired:
        raise ProtocolError(ErrorCode.EXPIRED, "Your sign-in has expired: sign in again.")
