"""Who joins: the principal and the nickname, found before anything is held for somebody who may not be let in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chatdesk.log.bots import BOT, is_bot
from chatdesk.protocol.commands import CLIENT_TOKEN_PREFIX, Join
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import clean_nickname, nickname_key
from chatdesk.server.auth import Authenticator, BadTokenError, Principal, Role, Scope, TokenSignIn
from chatdesk.server.identity import Identities
from chatdesk.server.nickname_reservations import NicknameReservations
from chatdesk.server.permissions import Right, at_most_member, may
from chatdesk.server.person import Person

REVOKED = "This token was revoked: get a new one."
TOKEN_NEEDED = "This chat asks for a token: get one from its host, and join with it."  # noqa: S105


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
        self.tokens: TokenSignIn | None = None
        """The sign-in with tokens from elsewhere, if this chat has one."""

    def use_tokens(self, tokens: TokenSignIn) -> None:
        """From now on, people may sign in with tokens from elsewhere, or have to."""
        self.tokens = tokens
        self.authenticators.append(tokens)

    def principal(self, token: str) -> Principal | None:
        """Whom a token proves, by the first authenticator that recognises it. Raises BadTokenError."""
        return next(filter(None, (authenticator.principal(token) for authenticator in self.authenticators)), None)

    def proves(self, token: str, right: Right) -> bool:
        """Whether a token is that of somebody who has this right in the chat."""
        with contextlib.suppress(BadTokenError):
            principal = self.principal(token)
            return principal is not None and may(principal, right, None)
        return False

    def brings_place(self, tokens: Iterable[str]) -> bool:
        """Whether one of the tokens gets a place in a full chat; see ``Identities.place_token``."""
        return any(map(self._identities.is_place_token, tokens))

    def check(self, principal: Principal) -> None:
        """Raises ProtocolError for a principal whom the chat does not admit, or not any more."""
        check_admission(principal)
        if self.tokens and principal.grant and principal.grant.token_id in self.tokens.revoked_ids():
            raise ProtocolError(ErrorCode.UNAUTHORIZED, REVOKED)

    def recognise(self, join: Join, cookie_tokens: tuple[str, ...], principal: Principal | None) -> Recognised:
        """Who joins; ``cookie_tokens`` are those that their browser has kept, ``principal`` is that of ``of_token``.

        Raises ProtocolError for a name that cannot be one, or a token that does not open the chat.
        """
        nickname = clean_nickname((principal and principal.nickname) or join.nickname)
        if principal is None or not principal.grant:
            principal = self._proven_owner(nickname_key(nickname), cookie_tokens) or principal
        principal = principal or Principal(self._identities.new())
        check_admission(principal)
        if join.client == "bot" and not is_bot(principal.identity):
            principal = as_bot(principal)
        return Recognised(principal, nickname)

    def knows(self, principal: Principal, token: str | None) -> bool:
        """Whether the token is one that somebody gets who is let in; one that a client has made itself is not."""
        if principal.grant:
            return True
        if not token or token.startswith(CLIENT_TOKEN_PREFIX):
            return False
        owner = self.principal(token)
        return owner is not None and owner.identity == principal.identity.removeprefix(BOT)

    def of_token(self, token: str | None, signed_in: Principal | None) -> Principal | None:
        """Whom the token of a join proves, or else who has signed in before it; None for somebody new.

        Raises ProtocolError where a token is needed and none is valid.
        """
        try:
            principal = self.principal(token) if token else None
        except BadTokenError as error:
            raise ProtocolError(ErrorCode.UNAUTHORIZED, str(error)) from error
        if signed_in and (principal is None or not principal.grant):
            return signed_in
        needs_none = principal is not None and (principal.grant or principal.role is Role.HOST)
        if self.tokens and self.tokens.required and not needs_none:
            raise ProtocolError(ErrorCode.UNAUTHORIZED, TOKEN_NEEDED)
        return principal

    def _proven_owner(self, key: str, tokens: tuple[str, ...]) -> Principal | None:
        """The principal who has or reserves this nickname, if one of the tokens proves it; else None."""
        person = self._people.get(key)
        owner = person.identity if person else self._reservations.holder(key)
        if owner is None:
            return None
        principals = filter(None, map(self._identities.principal, tokens))
        return next((principal for principal in principals if principal.identity == owner), None)


def as_bot(principal: Principal) -> Principal:
    """The bot of a principal: with anybody's token it is one of its own, and keeps no order."""
    role = at_most_member(principal.role)
    return principal._replace(identity=f"{BOT}{principal.identity}", nickname=None, role=role)


def check_admission(principal: Principal) -> None:
    """Raises ProtocolError for a principal whom the chat does not admit."""
    if principal.scope is not Scope.CHAT:
        sentence = "This token is for the doctor alone: it does not open the chat. Join without it."
        raise ProtocolError(ErrorCode.FORBIDDEN, sentence)
    if principal.expires_in == 0:
        raise ProtocolError(ErrorCode.EXPIRED, "Your sign-in has expired: sign in again.")
