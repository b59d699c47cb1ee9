"""Tells other nodes who is here, and hears from them who is there."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from itertools import count

import msgspec

from chatdesk.log.node_channel import NodeChannel
from chatdesk.protocol import connection_events
from chatdesk.server.hands import Lowered
from chatdesk.server.hub import Hub
from chatdesk.server.node_news import Gone, Here, LoweredHand, NodeNews, Types, decode_news, encode_news
from chatdesk.server.node_places import NodePlaces, Place
from chatdesk.server.people_elsewhere import PeopleElsewhere
from chatdesk.server.person import Person

logger = logging.getLogger(__name__)

_LOWERED = 200
"""Hands that were lowered here, as many as are kept: those of a large class."""


class NodePresence:
    """The presence of a node among others, reached where ``look_up`` says; see ``Nodes`` and ``NodeListener``.

    What is told of a person is how they are now, not what has happened, so nothing goes wrong when it is told twice.
    """

    def __init__(self, hub: Hub, channel: NodeChannel, look_up: Callable[[], Place]) -> None:
        self.places = NodePlaces(look_up)
        self._told_place: Place | None = None
        self._hub = hub
        self._channel = channel
        self._elsewhere = PeopleElsewhere(hub)
        self._told: dict[Person, Here] = {}
        """What others have been told of the people of this node."""
        self._numbers: dict[Person, int] = {}
        self._number = count(1)
        self._changed: dict[Person, None] = {}
        self._typing: list[Types] = []
        self._lowered: list[LoweredHand] = []
        self._lowered_lately = deque[LoweredHand](maxlen=_LOWERED)
        """Told again to who has a new link: it may have missed it."""
        self._closed = False
        hub.nodes = self
        channel.attach(self)

    def changed(self, person: Person) -> None:
        """See ``Nodes``."""
        if person.session_count or person in self._numbers:  # others are told nothing of people who are only there
            self._changed[person] = None
            self._channel.wake()

    def types(self, person: Person, room: str, active: bool) -> None:
        """See ``Nodes``."""
        if person in self._numbers:
            self._typing.append(Types(self._numbers[person], room, active))
            self._channel.wake()

    def lowered(self, room: str, hands: Lowered, by: str = "") -> None:
        """See ``Nodes``."""
        lowered = LoweredHand(room, hands.author, hands.until, by)
        self._lowered.append(lowered)
        self._lowered_lately.append(lowered)
        for person in hands.people:
            self._changed[person] = None
        self._channel.wake()

    def addresses(self) -> list[str]:
        """See ``Nodes``."""
        return self.places.some()

    def goes_on(self) -> bool:
        """See ``Nodes``."""
        return self.places.goes_on()

    def moved(self) -> None:
        """This node is reached somewhere else, or not any more."""
        self.places.forget_own()
        self._channel.wake()

    def close(self) -> None:
        """See ``Nodes``."""
        self._closed = True
        self._elsewhere.close()

    def whole(self) -> bytes:
        """See ``NodeListener``."""
        here = [here for person in self._hub.people.values() if (here := self._known_here(person))]
        self._told_place = self.places.own()
        return encode_news(NodeNews(True, here, [], [], self._told_place, list(self._lowered_lately)))

    def take_news(self) -> bytes:
        """See ``NodeListener``."""
        changed, typing, lowered = self._changed, self._typing, self._lowered
        self._changed, self._typing, self._lowered = {}, [], []
        if self._closed:
            return b""
        place = self.places.own()
        news = NodeNews(False, [], [], typing, place if place != self._told_place else None, lowered)
        self._told_place = place
        for person in changed:
            told, here = self._told.pop(person, None), self._here(person)
            if here:
                self._told[person] = here
                if here != told:
                    news.here.append(here)
            elif number := self._numbers.pop(person, 0):
                kept = self._hub.reservations.holder(person.key) == person.identity
                news.gone.append(Gone(number, kept))
        is_news = news.here or news.gone or news.typing or news.place or news.lowered
        return encode_news(news) if is_news else b""

    def heard(self, node: str, told: bytes) -> None:
        """See ``NodeListener``."""
        try:
            news = decode_news(told)
        except msgspec.MsgspecError:
            logger.warning("Another program speaks to the nodes of the chat, or one of another version: not heard.")
            return
        if self._closed:
            return
        self._elsewhere.hear(node, news)
        if news.place and self.places.hear(node, news.place):
            self._tell_addresses()

    def lost(self, node: str) -> None:
        """See ``NodeListener``."""
        logger.warning("A node of the chat was not heard of for long: its people have left.")
        if self._closed:
            return
        self._elsewhere.hear(node, NodeNews(True, [], [], []))
        if self.places.lost(node):
            self._tell_addresses()

    def _tell_addresses(self) -> None:
        """Tell everybody here where else the chat is now."""
        for session in self._hub.all_sessions():
            if session.memberships:  # others are told by the welcome
                session.send(connection_events.Nodes(self.addresses()))

    def _known_here(self, person: Person) -> Here | None:
        """How somebody is, as it was told last if it is so still."""
        told = None if person in self._changed else self._told.get(person)
        return told or self._here(person)

    def _here(self, person: Person) -> Here | None:
        """How somebody is on this node; None if they are not."""
        hub = self._hub
        if person.unseen:
            return None
        devices = [session for session in hub.sessions(person.identity) if session.person is person]
        rooms = {membership.room.name for session in devices for membership in session.memberships}
        rooms |= hub.grace_periods.rooms_of(person)
        if not rooms:
            return None
        return Here(
            self._number_of(person),
            tuple(sorted(rooms)),
            person.identity,
            person.nickname,
            person.client,
            person.host,
            person.joined_at,
            person.chosen_status,
            person.status_text,
            all(session.idle for session in devices),
            person.role,
            person.muted,
            person.changed_at,
            tuple((name, since) for name in sorted(rooms) if (since := self._raised_since(person, name))),
            tuple(sorted({session.connection.network for session in devices} - {""})),
        )

    def _raised_since(self, person: Person, name: str) -> int:
        room = self._hub.rooms.get(name)
        return room.hands.since(person.author) if room and room.hands else 0

    def _number_of(self, person: Person) -> int:
        return self._numbers.get(person) or self._numbers.setdefault(person, next(self._number))
