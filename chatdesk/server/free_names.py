"""Why a nickname is not to be had, and a free one like it."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import NICKNAME_CHARS
from chatdesk.protocol.names import clean_nickname, nickname_key
from chatdesk.protocol.text import isolated
from chatdesk.server.alike_names import AlikeNames
from chatdesk.server.banned_names import BannedNames
from chatdesk.server.identity import HOST, OPERATOR
from chatdesk.server.nickname_reservations import NicknameReservations
from chatdesk.server.person import Person

_BANNED = "Choose another nickname: the host lets nobody have this one."
_TAKEN = "Someone here has this name, or one that looks like it."
_RESERVED = (
    "This name is kept for {} for somebody who was here a moment ago. If that was you, come in as you did then, at the "
    "same address."
)
_RANDOM_NUMBERS = 50
"""How many are tried behind a name, after those of two digits: of ninety thousand, thousands may be taken."""
_NUMBER_CHARS = 6
"""A space and five digits."""
_OTHERS = ("Guest", *string.ascii_uppercase)
"""What is numbered in place of a name with which nothing can be had; single letters are in no part that is banned."""


class FreeNames:
    """Knows which nicknames are free, of those of ``people``, by key, and of those that are reserved.

    ``banned_now`` are the names that are banned while the chat is open. The host may have those, too. ``has_banned``
    tells whether somebody else than an identity has a name, who is banned.
    """

    def __init__(
        self,
        people: Mapping[str, Person],
        reservations: NicknameReservations,
        banned_now: BannedNames,
        has_banned: Callable[[str, str], bool],
    ) -> None:
        self._people = people
        self._reservations = reservations
        self._alike = AlikeNames(self._name_of)
        self.banned = BannedNames()
        """The names of the host's list."""
        self._banned_now, self._has_banned = banned_now, has_banned
        self._of_host = BannedNames((OPERATOR,))

    def came(self, nickname: str) -> None:
        """Somebody with this nickname is there now."""
        self._alike.add(nickname)

    def went(self, nickname: str) -> None:
        """Nobody with this nickname is there any more."""
        self._alike.discard(nickname)

    def renamed(self, old: str, nickname: str) -> None:
        """Somebody who is there has another nickname than the ``old`` one."""
        self._alike.discard(old)
        self._alike.add(nickname)

    def is_taken(self, nickname: str, identity: str) -> bool:
        """Whether a nickname, or one that people could take for it, belongs to somebody else."""
        return (
            self._is_banned(nickname, identity)
            or self._has_banned(nickname, identity)
            or self._has_other(nickname, identity)
            or self._reserved_key(nickname, identity) is not None
        )

    def require(self, nickname: str, identity: str) -> None:
        """Raises ProtocolError for a nickname that is taken, or that nobody can have."""
        self.require_allowed(nickname, identity)
        if key := self._reserved_key(nickname, identity):
            raise self._reserved(nickname, key)
        if self._has_other(nickname, identity):
            raise self.taken(nickname)

    def require_allowed(self, nickname: str, identity: str) -> None:
        """Raises ProtocolError for a nickname that nobody can have."""
        if self._is_banned(nickname, identity):
            raise ProtocolError(ErrorCode.BAD_NICKNAME, _BANNED, "join")

    def taken(self, nickname: str) -> ProtocolError:
        """The error for a nickname that somebody has, or that nobody can have."""
        if self._is_banned(nickname):
            return ProtocolError(ErrorCode.BAD_NICKNAME, _BANNED, "join")
        return _error(_TAKEN, self.one_like(nickname))

    def _is_banned(self, nickname: str, identity: str = "") -> bool:
        if identity == HOST:
            return nickname in self.banned and nickname != OPERATOR
        return any(nickname in names for names in (self.banned, self._banned_now, self._of_host))

    def others_like(self, nickname: str, identity: str) -> Iterator[Person]:
        """The others who are there under a name that people could take for this one."""
        owners = (self._people.get(nickname_key(known)) for known in self._alike.find(nickname))
        return (owner for owner in owners if owner and owner.identity != identity)

    def _has_other(self, nickname: str, identity: str) -> bool:
        return any(self.others_like(nickname, identity))

    def _reserved_key(self, nickname: str, identity: str) -> str | None:
        """The key of the nickname like this one that is kept for somebody else."""
        keys = self._reservations.find_alike(nickname)
        return next((key for key in keys if self._reservations.holder(key) != identity), None)

    def _name_of(self, key: str) -> str | None:
        person = self._people.get(key)
        return person.nickname if person else None

    def _reserved(self, nickname: str, key: str) -> ProtocolError:
        """The error for a nickname that is kept for somebody."""
        minutes = self._reservations.minutes_left(key)
        words = "a minute" if minutes == 1 else f"{minutes} minutes"
        return _error(_RESERVED.format(words), self.one_like(nickname))

    def one_like(self, nickname: str) -> str | None:
        """Return a nickname like this one that somebody new can have now; None if the host has banned them all."""
        names = (f"{base} {number}" for base in (_shortened(nickname), *_OTHERS) for number in _numbers())
        return next((name for name in names if not self.is_taken(name, "") and _is_nickname(name)), None)


def _numbers() -> Iterator[int]:
    return chain(range(2, 100), (secrets.randbelow(90_000) + 10_000 for _ in range(_RANDOM_NUMBERS)))


def _shortened(nickname: str) -> str:
    """The beginning of a nickname before which a number has room, and which is a nickname itself."""
    lengths = range(min(len(nickname), NICKNAME_CHARS - _NUMBER_CHARS), 0, -1)
    beginnings = (nickname[:length].rstrip() for length in lengths)
    return next(filter(_is_nickname, beginnings), nickname[:1])


def _is_nickname(name: str) -> bool:
    """Whether a nickname can be this, as it is written."""
    try:
        return clean_nickname(name) == name
    except ProtocolError:
        return False


def _error(why: str, free: str | None) -> ProtocolError:
    return ProtocolError(ErrorCode.NICKNAME_TAKEN, f"{why} Try {isolated(free)}." if free else why)
