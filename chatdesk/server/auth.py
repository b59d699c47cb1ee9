"""Who connects: a principal, and the authenticators that recognise one by its token."""

from __future__ import annotations

import time
from enum import Enum, auto
from typing import NamedTuple, Protocol

from chatdesk.log.order import Standing


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

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires is not None and time.monotonic() >= self.expires


class Authenticator(Protocol):
    """Recognises one kind of token. The hub asks all of its ``authenticators``, one after the other."""

    def principal(self, token: str) -> Principal | None:
        """Whom the token proves, perhaps an expired principal; None for a forged token, or one of another kind."""
