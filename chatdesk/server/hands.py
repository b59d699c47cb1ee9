"""Raised hands of one room, in order, and who is told of them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from chatdesk.protocol import codec, pace_events, times
from chatdesk.protocol.limits import HANDS_SHOWN
from chatdesk.server.fanout import Member
from chatdesk.server.frames import text_frame
from chatdesk.server.person import Person

_TOLD_SECONDS = 0.3
"""Between two ``hands``: a class that raises its hands at once is told of in a few, not in sixty."""


class Hands:
    """The hands that are raised; everybody is told of the first ones and how many there are, whatever changes."""

    def __init__(self, room: str, members: Collection[Member]) -> None:
        self._room = room
        self._members = members
        self._raised: dict[str, tuple[Person, str]] = {}
        self._timer: asyncio.Handle | None = None

    def __len__(self) -> int:
        return len(self._raised)

    def __contains__(self, author: str) -> bool:
        return author in self._raised

    def raise_hand(self, person: Person) -> None:
        """Raise a person's hand, behind all others; who has raised it already keeps the place."""
        if person.author not in self._raised:
            self._raised[person.author] = person, times.timestamp()
            self._changed()

    def lower(self, author: str) -> None:
        """Lower a hand, if it is raised."""
        if self._raised.pop(author, None):
            self._changed()

    def lower_all(self) -> None:
        """Lower all hands."""
        if self._raised:
            self._raised.clear()
            self._changed()

    def take(self, author: str) -> Person | None:
        """Lower this hand, or without an author the first one, and return whose it is."""
        author = author or next(iter(self._raised), "")
        raised = self._raised.get(author)
        self.lower(author)
        return raised[0] if raised else None

    def place(self, author: str) -> int:
        """The place of a hand in the order, from 1; 0 if it is not raised."""
        return next((place for place, other in enumerate(self._raised, 1) if other == author), 0)

    def event(self, author: str | None = None, ref: str | None = None) -> pace_events.Hands:
        """The first hands, and how many there are; for one person with their place."""
        first = [*self._raised.values()][:HANDS_SHOWN]
        hands = [pace_events.Hand(person.nickname, person.author, since) for person, since in first]
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
