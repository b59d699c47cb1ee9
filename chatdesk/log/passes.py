"""Who has given the password of the chat or of a room, and comes in again without being asked."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable

STORE_ONE = "INSERT OR REPLACE INTO pass VALUES (?, ?, ?)"
DELETE_ONE = "DELETE FROM pass WHERE room = ? AND identity = ?"
MAX_PASSES = 20_000
"""Passes of a place, at most; beyond it, who has had one longest is asked again. A few megabytes of memory."""


class Passes:
    """Identities by the room whose password they have given; the chat as a whole is the room without a name.

    ``kept`` are those of an earlier process, as (room, identity), the earliest first. ``write`` stores a statement with
    its values, and nobody waits for it.
    """

    def __init__(
        self,
        kept: Iterable[tuple[str, str]] = (),
        write: Callable[[str, tuple[str | int, ...]], None] = lambda _sql, _values: None,
    ) -> None:
        self._write = write
        self.on_given: Callable[[str, str], None] = lambda _identity, _room: None
        """Called with an identity that has given a password, and the room."""
        self.on_taken: Callable[[str, str], None] = lambda _identity, _room: None
        """Called with an identity that is asked for a password again, and the room."""
        self._identities: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for room, identity in kept:
            self._identities[room][identity] = None

    def has(self, identity: str, room: str) -> bool:
        """Whether somebody has given the present password."""
        return room in self._identities and identity in self._identities[room]

    def give(self, identity: str, room: str) -> None:
        """Somebody has given the password just now."""
        if self.has(identity, room):
            return
        self._write(STORE_ONE, (room, identity, time.time_ns() // 1_000_000))
        self.adopt(identity, room)
        self.on_given(identity, room)

    def adopt(self, identity: str, room: str) -> None:
        """Somebody has given the password, which is stored."""
        identities = self._identities[room]
        identities[identity] = None
        if len(identities) > MAX_PASSES:
            self._forget(next(iter(identities)), room)

    def take(self, identity: str, room: str) -> None:
        """Somebody is asked for the password again."""
        if self.has(identity, room):
            self._forget(identity, room)
            self.on_taken(identity, room)

    def withdraw(self, identity: str, room: str) -> None:
        """Somebody is asked for the password again, which is stored."""
        if self.has(identity, room):
            del self._identities[room][identity]

    def _forget(self, identity: str, room: str) -> None:
        self.withdraw(identity, room)
        self._write(DELETE_ONE, (room, identity))

    def take_all(self, room: str) -> None:
        """Everybody is asked again: there is another password, or none."""
        if self._identities.pop(room, None):
            self._write("DELETE FROM pass WHERE room = ?", (room,))
