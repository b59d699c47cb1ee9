"""When somebody has read how far, in memory: to the minute, and for a week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatdesk.log.rooms import KEPT_MINUTES, Reading

_MOST_MINUTES = 60
"""In which somebody has read on: an hour of a conversation. A thousand people take 6 MB with it."""


class MemoryReadings:
    """Stores and finds readings; see ``LogStore``."""

    def __init__(self) -> None:
        self._minutes: dict[str, dict[str, dict[int, int]]] = {}
        """By room and person: how far they came in each minute, in order."""

    def store(self, reading: Reading) -> None:
        """See ``LogStore.store_reading``."""
        minutes = self._minutes.setdefault(reading.room, {}).setdefault(reading.identity, {})
        minutes[reading.minute] = reading.seq
        while next(iter(minutes)) < reading.minute - KEPT_MINUTES or len(minutes) > _MOST_MINUTES:
            del minutes[next(iter(minutes))]

    def minutes(self, room: str, seq: int, identities: Sequence[str]) -> dict[str, int]:
        """See ``LogStore.read_minutes``."""
        of = self._minutes.get(room, {})
        passed = {who: [minute for minute, far in of.get(who, {}).items() if far >= seq] for who in identities}
        return {who: min(minutes) for who, minutes in passed.items() if minutes}

    def forget(self, identity: str, rooms: Iterable[str]) -> None:
        """Forget what somebody has read in these rooms."""
        for room in rooms:
            self._minutes.get(room, {}).pop(identity, None)

    def forget_room(self, room: str) -> None:
        """Forget what was read in a room."""
        self._minutes.pop(room, None)
