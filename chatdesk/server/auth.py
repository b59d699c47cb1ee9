"""Who connects: a principal, and the authenticators that recognise one by its token."""

from __future__ import annotations

import asyncio
import time
from enum import Enum, auto
from typing import NamedTuple, Protocol

from chatdesk.log.order import Standing
from chatdesk.log.revoked_tokens import Revoked
from chatdesk.protocol.names import LOBBY


class Role(Enum):
    """What somebody is in the chat; a room may give them another role. ``permissions.py`` says what each may do."""

    HOST = auto()
    MODERATOR = auto()
    MEMBER = auto()
    GUEST = auto()


class Scope(Enum):
    """What a token is for. It limits the role, so that a token that others may see does not open everything."""

    CHAT = auto()
    DOCTOR = auto()


class BadTokenError(Exception):
    """A token that an authenticator knows to be one of its own kind is not valid; the text is a sentence that says why.

    The sentence is ASCII without quotation marks, since it also stands in a header field.
    """


class Grant(NamedTuple):
    """What a token of sign-in adds: the only ``rooms`` that its person may be in, the first of them first (None: all);
    its id, by which it can be revoked; and the ``grace`` in seconds, after its end, that is left to renew it."""

    rooms: tuple[str, ...] | None = None
    token_id: str = ""
    grace: float = 0.0


class Principal(NamedTuple):
    """Somebody whom an authenticator has recognised.

    ``nickname`` is the one that the token states; None leaves the choice to the person. ``expires`` is a time of
    ``time.monotonic``, from which on the principal is nobody any more; None is never. ``muted``: they can only read, in
    the whole chat.
    """

    identity: str
    nickname: str | None = None
    role: Role = Role.MEMBER
    expires: float | None = None
    scope: Scope = Scope.CHAT
    muted: Standing | None = None
    grant: Grant | None = None
    """Of somebody who has signed in with a token from elsewhere."""

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires is not None and time.monotonic() >= self.expires

    @property
    def expires_in(self) -> float | None:
        """In how many seconds its token ends, at least 0; None for one that does not. It may still be renewed then."""
        if self.expires is None:
            return None
        return max(0.0, self.expires - (self.grant.grace if self.grant else 0.0) - time.monotonic())

    def first_room(self, asked: str) -> str:
        """The room of a join: the one asked for, or in place of the lobby the first that the token names."""
        rooms = self.grant.rooms if self.grant else None
        return rooms[0] if rooms and asked == LOBBY and LOBBY not in rooms else asked

    def may_be_in(self, room: str) -> bool:
        """Whether the token, if it names rooms, names this one."""
        return self.grant is None or self.grant.rooms is None or room in self.grant.rooms


class Authenticator(Protocol):
    """Recognises one kind of token. The hub asks all of its ``authenticators``, one after the other."""

    def principal(self, token: str) -> Principal | None:
        """Whom the token proves, perhaps an expired principal; None for a forged token, or one of another kind.

        Raises BadTokenError where it can tell the person what is wrong with it.
        """


class TokenSignIn(Authenticator, Protocol):
    """Recognises tokens that somebody else issues."""

    required: bool
    """Whether everybody needs one, except for the window that hosts."""

    def fetching_keys(self, token: str) -> asyncio.Future[None] | None:
        """What to wait for before ``principal`` is asked: the token's key may be among those that are being fetched."""

    def revoked_ids(self) -> frozenset[str]:
        """The ids of the tokens that were revoked."""

    def revoked(self) -> tuple[Revoked, ...]:
        """These tokens."""

    def revoke(self, more: tuple[Revoked, ...]) -> None:
        """Other nodes have revoked these. Raises OSError and ValueError."""

    def close(self) -> None:
        """Fetch nothing any more."""
