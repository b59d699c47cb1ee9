"""Raised hands of one room, in order, and who is told of them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from time import time
from typing import NamedTuple

from chatdesk.protocol import codec, pace_events, times
from chatdesk.protocol.limits import HANDS_SHOWN
from chatdesk.server.fanout import Member
from chatdesk.server.frames import text_frame
from chatdesk.server.person import Person

_TOLD_SECONDS = 0.3
"""Between two ``hands``: a class that raises its hands at once is told of in a few, not in sixty."""


_KEPT = 500
"""Hands of a room that were lowered one by one, as many as are remembered: those of a large class."""
_HERE = object()
"""Where a hand is raised on this host; on another node it is the person's stay there."""


class Raised:
    """A person's raised hand: where it is raised, and there since when, in ms since 1970."""

    __slots__ = ("at", "person")

    def __init__(self, person: Person) -> None:
        self.person = person
        self.at: dict[object, int] = {}

    @property
    def since(self) -> int:
        """Since when it is raised: of two devices the first one counts."""
        return min(self.at.values())

    @property
    def latest(self) -> int:
        """Who lowers it lowers all of it up to this time."""
        return max(self.at.values(), default=0)


class Lowered(NamedTuple):
    """Hands that were lowered, wherever each was raised up to this time, in ms since 1970; these people's are known.

    Without an ``author`` all of the room were.
    """

    people: list[Person]
    author: str
    until: int


class Hands:
    """The hands that are raised; everybody is told of the first ones and how many there are, whatever changes.

    The order is that in which they were raised, by the clock of the node on which each was.
    """

    def __init__(self, room: str, members: Collection[Member]) -> None:
        self._room = room
        self._members = members
        self._raised: dict[str, Raised] = {}
        self._lowered: dict[str, int] = {}
        """Up to when hands were lowered: other nodes may tell once more that they are raised."""
        self._all_lowered = 0
        """The same of all hands of the room."""
        self._timer: asyncio.Handle | None = None

    def __len__(self) -> int:
        return len(self._raised)

    def __contains__(self, author: str) -> bool:
        return author in self._raised

    def raise_hand(self, person: Person) -> None:
        """Raise a person's hand, behind all others; who has raised it already keeps the place."""
        if person.author not in self._raised:
            last = max((raised.since for raised in self._raised.values()), default=0)
            since = max(_now(), last + 1, self._lowered_until(person.author) + 1)
            self._raise(person, _HERE, since)

    def raise_elsewhere(self, person: Person, where: object, since: int) -> None:
        """A person has raised their hand at another node."""
        if since > self._lowered_until(person.author):
            self._raise(person, where, since)

    def end_elsewhere(self, author: str, where: object) -> None:
        """A person's hand is not raised at another node any more."""
        self._drop(author, [where])

    def lower_until(self, author: str, until: int) -> list[Person]:
        """Another node has lowered a hand, or without an author all, but not where one was raised after that time.

        Return those whose hands were raised.
        """
        self._remember(author, until)
        meant = [raised for raised in list(self._raised.values()) if author in ("", raised.person.author)]
        for raised in meant:
            self._drop(raised.person.author, [where for where, since in raised.at.items() if since <= until])
        return [raised.person for raised in meant]

    def since(self, author: str) -> int:
        """When this person has raised their hand at this node, in ms since 1970; 0 if they have not."""
        raised = self._raised.get(author)
        return raised.at.get(_HERE, 0) if raised else 0

    def lower(self, author: str) -> Lowered | None:
        """Lower a hand, if it is raised, and return what others have to hear of it."""
        raised = self._raised.get(author)
        if raised is None:
            return None
        until = raised.latest
        self._remember(author, until)
        self._drop(author, list(raised.at))
        return Lowered([raised.person], author, until)

    def lower_all(self) -> Lowered:
        """Lower all hands, as ``lower``: also those that were raised at other nodes and are not known here yet."""
        until = max([_now(), *(raised.latest for raised in self._raised.values())])
        return Lowered(self.lower_until("", until), "", until)

    def _lowered_until(self, author: str) -> int:
        return max(self._all_lowered, self._lowered.get(author, 0))

    def _remember(self, author: str, until: int) -> None:
        if author:
            self._lowered[author] = max(until, self._lowered.pop(author, 0))
            if len(self._lowered) > _KEPT:
                del self._lowered[next(iter(self._lowered))]
        else:
            self._all_lowered = max(until, self._all_lowered)
            self._lowered = {one: at for one, at in self._lowered.items() if at > until}

    def _raise(self, person: Person, where: object, since: int) -> None:
        raised = self._raised.setdefault(person.author, Raised(person))
        raised.at[where] = since
        self._sort()

    def _drop(self, author: str, places: Collection[object]) -> None:
        """Let a hand be raised there no more."""
        if raised := self._raised.get(author):
            for where in places:
                raised.at.pop(where, None)
            if not raised.at:
                del self._raised[author]
            self._sort()

    def _sort(self) -> None:
        self._raised = dict(sorted(self._raised.items(), key=lambda item: (item[1].since, item[0])))
        self._changed()

    def take(self, author: str) -> Lowered | None:
        """Lower this hand, or without an author the first one, as ``lower``."""
        return self.lower(author or next(iter(self._raised), ""))

    def place(self, author: str) -> int:
        """The place of a hand in the order, from 1; 0 if it is not raised."""
        return next((place for place, other in enumerate(self._raised, 1) if other == author), 0)

    def event(self, author: str | None = None, ref: str | None = None) -> pace_events.Hands:
        """The first hands, and how many there are; for one person with their place."""
        first = [*self._raised.values()][:HANDS_SHOWN]
        hands = [pace_events.Hand(it.person.nickname, it.person.author, times.timestamp(it.since)) for it in first]
        place = None if author is None else self.place(author)
        return pace_events.Hands(self._room, hands, len(self._raised), place, ref)

    def cancel(self) -> None:
        """Tell nobody anything more."""
        if self._timer:
            self._timer.cancel()

    def tell(self, event: pace_events.Hands | pace_events.Called) -> None:
        """Send an event to all members whose clients show hands."""
        frame = text_frame(codec.encode(event))
        for member in list(self._members):
            if member.hears_pace:
                if member.connection.writable:
                    member.connection.write(frame)
                else:
                    member.send_when_caught_up(frame)

    def _changed(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_TOLD_SECONDS, self._tell)

    def _tell(self) -> None:
        self._timer = None
        self.tell(self.event())


def _now() -> int:
    return int(time() * 1000)
