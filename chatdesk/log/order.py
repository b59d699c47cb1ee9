"""What a store keeps of keeping order: what holds for whom, and the audit trail of who has done what to whom."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import islice
from typing import NamedTuple, Protocol

AUDIT_ENTRIES = 10_000
"""Entries of the audit trail, at most: a year of busy days. Beyond it the oldest go."""


class StandingKind(StrEnum):
    """What can hold for somebody."""

    ROLE = "role"
    MUTED = "muted"
    REMOVED = "removed"
    BANNED = "banned"
    NAME = "name"
    """A name that nobody may have, as ``BannedNames`` knows it; its identity is nobody's."""


class Standing(NamedTuple):
    """What holds for an identity, in a room or, without one, in the whole chat; at most one of each kind there.

    ``value`` is the role, or the network that is banned with somebody. ``until`` and ``at`` are in milliseconds since
    1970; an ``until`` of 0 has no end. ``nickname`` is what the person was called then, or the name that nobody may
    have, and ``by`` who has said so.
    """

    identity: str
    kind: StandingKind
    room: str = ""
    nickname: str = ""
    value: str = ""
    reason: str = ""
    until: int = 0
    by: str = ""
    at: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What replaces what: a standing of the same key."""
        return self.identity, self.room, self.kind


class AuditEntry(NamedTuple):
    """Who (``by``) has done what (``act``) to ``whom``; ``identity`` is whose, and ``number`` grows with time.

    ``detail`` is what the act is about, such as the role or the new name.
    """

    at: int
    act: str
    by: str
    whom: str
    identity: str
    room: str = ""
    reason: str = ""
    until: int = 0
    detail: str = ""
    number: int = 0


Followed = Callable[[Sequence[Standing], Sequence[Standing], AuditEntry | None], None]
"""Called with what begins to hold, what ends, and why."""


class OrderStore(Protocol):
    """Keeps standings and the audit trail across a restart."""

    on_followed: Followed
    """Called with what was stored on another server of the chat."""

    def standings(self) -> list[Standing]:
        """Return the standings that existed when the server last stopped."""

    def store(
        self,
        begun: Sequence[Standing],
        ended: Sequence[Standing],
        entry: AuditEntry | None,
        reply: Callable[[str], None],
    ) -> None:
        """Store that these standings hold, that those do no more, and why.

        ``reply`` is called with an empty text once that is stored, or with a sentence that says how far it holds then.
        """

    async def audit(self, before: int | None, limit: int) -> list[AuditEntry]:
        """Return the newest entries, older than number ``before`` if given, newest first. Raises LogError."""


class OneOrder:
    """What an ``OrderStore`` follows of other servers of the chat, where there are none."""

    on_followed: Followed = staticmethod(lambda _begun, _ended, _entry: None)


class MemoryOrder(OneOrder):
    """An ``OrderStore`` that keeps nothing beyond the life of the process."""

    def __init__(self) -> None:
        self._entries: deque[AuditEntry] = deque(maxlen=AUDIT_ENTRIES)
        self._count = 0

    def standings(self) -> list[Standing]:
        """Nothing is left of an earlier process."""
        return []

    def store(
        self,
        _begun: Sequence[Standing],
        _ended: Sequence[Standing],
        entry: AuditEntry | None,
        reply: Callable[[str], None],
    ) -> None:
        """The server holds the standings; see ``OrderStore``."""
        if entry:
            self._count += 1
            self._entries.appendleft(entry._replace(number=self._count))
        reply("")

    async def audit(self, before: int | None, limit: int) -> list[AuditEntry]:
        """See ``OrderStore``."""
        older = (entry for entry in self._entries if before is None or entry.number < before)
        return list(islice(older, limit))
