"""Of whom something is kept, also while they are away: a bounded number, and those who only passed by go first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice

MAX_KEPT = 200_000
"""People and their rooms, each counted for one: some thirty megabytes for 100,000 people who are in one room."""
LASTING_SECONDS = 600.0
"""Who has stayed for so long at once is not forgotten for the sake of people who came for less."""
_AT_ONCE = 100
"""As many are forgotten together: a millisecond of the loop."""


class KeptPeople:
    """The rooms of each identity of which something is kept. A flood of people who come once takes nothing from others.

    Whom ``is_here`` names loses nothing. ``forget`` is called with an identity of which nothing is kept any more, and
    its rooms.
    """

    def __init__(self, is_here: Callable[[str], bool], forget: Callable[[str, tuple[str, ...]], None]) -> None:
        self._is_here = is_here
        self._forget = forget
        self._passing: dict[str, tuple[str, ...]] = {}
        """Those who have never stayed long, who left longest ago first; so no time of theirs has to be kept."""
        self._lasting: dict[str, tuple[str, ...]] = {}
        self._count = 0
        self._due = MAX_KEPT

    def __iter__(self) -> Iterator[str]:
        """All of them."""
        return chain(self._passing, self._lasting)

    def rooms(self, identity: str) -> tuple[str, ...]:
        """The rooms that were kept of an identity last."""
        return self._passing.get(identity) or self._lasting.get(identity, ())

    def keep(self, identity: str, rooms: tuple[str, ...], *, lasting: bool = False) -> None:
        """Keep these rooms of an identity; ``lasting``: somebody new has stayed long, as far as is known."""
        known = next((people for people in (self._passing, self._lasting) if identity in people), None)
        people = known if known is not None else self._lasting if lasting else self._passing
        self._count += len(rooms) - len(people[identity]) if known is not None else 1 + len(rooms)
        people[identity] = rooms
        if self._count > self._due:
            self._make_room()

    def left(self, identity: str, stayed_seconds: float) -> None:
        """Somebody is not here any more: of those like them, they are the last to be forgotten."""
        is_lasting = identity in self._lasting or stayed_seconds >= LASTING_SECONDS
        rooms = self._passing.pop(identity, None)
        if rooms is None:
            rooms = self._lasting.pop(identity, None)
        if rooms is not None:
            (self._lasting if is_lasting else self._passing)[identity] = rooms

    def _make_room(self) -> None:
        """Forget some. Where nearly all are here it is tried again when there are some more."""
        for identity in list(islice(self, 2 * _AT_ONCE)):
            if self._is_here(identity):
                self.left(identity, 0.0)  # others are looked at first next time
            elif self._count > MAX_KEPT - _AT_ONCE:
                self._drop(identity)
        self._due = max(MAX_KEPT, self._count + _AT_ONCE)

    def _drop(self, identity: str) -> None:
        people = self._passing if identity in self._passing else self._lasting
        rooms = people.pop(identity)
        self._count -= 1 + len(rooms)
        self._forget(identity, rooms)
