"""Why a nickname is not to be had, and a free one like it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from itertools import chain

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import nickname_key
from chatdesk.protocol.text import isolated
from chatdesk.server.nickname_reservations import NicknameReservations
from chatdesk.server.person import Person

_TAKEN = "Someone here has this name, or one that looks like it."
_RESERVED = (
    "This name is kept for {} for somebody who was here a moment ago. If that was you, come in as you did then, at the "
    "same address."
)


class FreeNames:
    """Knows which nicknames are free, of those of ``people``, by key, and of those that are reserved."""

    def __init__(self, people: Mapping[str, Person], reservations: NicknameReservations) -> None:
        self._people = people
        self._reservations = reservations

    def taken(self, nickname: str) -> ProtocolError:
        """The error for a nickname that somebody has."""
        return _error(_TAKEN, self._one_like(nickname))

    def reserved(self, nickname: str) -> ProtocolError:
        """The error for a nickname that is kept for somebody."""
        minutes = self._reservations.minutes_left(nickname_key(nickname))
        words = "a minute" if minutes == 1 else f"{minutes} minutes"
        return _error(_RESERVED.format(words), self._one_like(nickname))

    def _one_like(self, nickname: str) -> str:
        """A free nickname like this one. Beyond 99 numbers are random, because thousands may be taken."""
        numbers = chain(range(2, 100), iter(lambda: secrets.randbelow(90_000) + 10_000, None))
        names = (f"{nickname[:26].rstrip()} {number}" for number in numbers)
        return next(name for name in names if self._is_free(nickname_key(name)))

    def _is_free(self, key: str) -> bool:
        return key not in self._people and self._reservations.holder(key) is None


def _error(why: str, free: str) -> ProtocolError:
    return ProtocolError(ErrorCode.NICKNAME_TAKEN, f"{why} Try {isolated(free)}.")
