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


class Raised(NamedTuple):
    """A hand that is raised, since then in ms since 1970; ``here``: on this host, not on another node."""

    person: Person
    since: int
    here: bool


class Hands:
    """The hands that are raised; everybody is told of the first ones and how many there are, whatever changes.

    The order is that in which they were raised, by the clock of the node on which each was.
    """

    def __init__(self, room: str, members: Collection[Member]) -> None:
        self._room = room
        self._members = members
        self._raised: dict[str, Raised] = {}
        self._lowered: dict[str, int] = {}
        """Hands that were lowered here while another node has told of them, perhaps not for the last time."""
        self._timer: asyncio.Handle | None = None

    def __len__(self) -> int:
        return len(self._raised)

    def __contains__(self, author: str) -> bool:
        return author in self._raised

    def raise_hand(self, person: Person) -> None:
        """Raise a person's hand, behind all others; who has raised it already keeps the place."""
        if person.author not in self._raised:
            last = max((raised.since for raised in self._raised.values()), default=0)
            self._raised[person.author] = Raised(person, max(int(time() * 1000), last + 1), True)
            self._changed()

    def raise_elsewhere(self, person: Person, since: int) -> None:
        """A person has raised their hand at another node."""
        known = self._raised.get(person.author)
        if since > self._lowered.get(person.author, 0) and (known is None or not known.here):
            raised = {**self._raised, person.author: Raised(person, since, False)}
            self._raised = dict(sorted(raised.items(), key=lambda item: (item[1].since, item[0])))
            self._changed()

    def lower_elsewhere(self, author: str, until: int) -> Raised | None:
        """Another node has lowered a hand, unless it was raised after that time; return it if it was raised here."""
        raised = self._raised.get(author)
        return self.lower(author) if raised and raised.since <= until else None

    def since(self, author: str) -> int:
        """When this person has raised their hand at this node, in ms since 1970; 0 if they have not."""
        raised = self._raised.get(author)
        return raised.since if raised and raised.here else 0

    def lower(self, author: str) -> Raised | None:
        """Lower a hand, if it is raised, and return it."""
        raised = self._raised.pop(author, None)
        if raised:
            if not raised.here:
                self._lowered[author] = raised.since
            self._changed()
        return raised

    def lower_all(self) -> list[Raised]:
        """Lower all hands, and return them."""
        return [raised for author in list(self._raised) if (raised := self.lower(author))]

    def take(self, author: str) -> Raised | None:
        """Lower this hand, or without an author the first one, and return it."""
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
