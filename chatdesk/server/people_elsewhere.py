"""The people of the other nodes, as they are in the rooms and lists of this one."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import suppress

from chatdesk.protocol import events, times
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.names import is_private, nickname_key
from chatdesk.protocol.text import isolated
from chatdesk.server.auth import Principal
from chatdesk.server.calling import tell_called
from chatdesk.server.hub import Hub
from chatdesk.server.node_news import Here, LoweredHand, NodeNews, Types
from chatdesk.server.person import Person
from chatdesk.server.room import Room

_AGAIN_SECONDS = 0.5
"""Until it is tried again to show somebody whose room is not known here yet, or whose name somebody else has."""
_SLICE_SECONDS = 0.008
"""Of a turn of the loop, like a slice of a fan-out: a node with 10,000 people tells of all of them at once."""


class _Stay:
    """Somebody's stay on another node. ``person`` is who they are here; None while somebody else has their name."""

    __slots__ = ("hands", "here", "person", "rooms")

    def __init__(self, here: Here) -> None:
        self.here = here
        self.person: Person | None = None
        self.rooms: set[str] = set()
        """Those in which they are shown here."""
        self.hands: dict[str, int] = {}
        """Those in which their hand is raised there, and since when."""

    @property
    def idle(self) -> bool:
        """See ``Device``."""
        return self.here.idle

    @property
    def networks(self) -> tuple[str, ...]:
        """See ``Stay``."""
        return self.here.networks


class PeopleElsewhere:
    """Puts them into the hub.

    Two can come to different nodes under one name at once, or while these hear nothing of each other. Then all nodes
    find the same by when the two have come: the node of the later one renames them, the others show the earlier one.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._stays: defaultdict[str, dict[int, _Stay]] = defaultdict(dict)
        """By node, and the person's number there."""
        self._waiting: dict[_Stay, None] = {}
        """Those that are not shown yet, or not in all of their rooms."""
        self._timer: asyncio.TimerHandle | None = None
        self._heard = deque[Iterator[None]]()
        """What other nodes have told that is not, or not all, shown yet."""
        self._next_slice: asyncio.Handle | None = None

    def hear(self, node: str, news: NodeNews) -> None:
        """Another node tells this of its people: it is shown now, or a part of very many in each turn of the loop."""
        self._heard.append(self._taking_in(node, news))
        if self._next_slice is None:
            self._take_in()

    def _take_in(self) -> None:
        """Show what was heard, in its order, for a slice of time."""
        self._next_slice, loop = None, asyncio.get_running_loop()
        until = loop.time() + _SLICE_SECONDS
        while self._heard:
            for _step in self._heard[0]:
                if loop.time() > until:
                    self._next_slice = loop.call_soon(self._take_in)
                    return
            self._heard.popleft()
        self._try_again_later()

    def _taking_in(self, node: str, news: NodeNews) -> Iterator[None]:
        """Show what a node tells of its people, a person in each step."""
        stays = self._stays[node]
        for gone in news.gone:
            if stay := stays.pop(gone.number, None):
                self._end(stay, kept=gone.kept)
                yield
        if news.whole:
            for number in stays.keys() - {here.number for here in news.here}:
                self._end(stays.pop(number), kept=True)
                yield
        for lowered in news.lowered:  # first: the hand of somebody who is called is still raised here then
            self._lower(lowered)
        for here in news.here:
            stay = stays.get(here.number) or stays.setdefault(here.number, _Stay(here))
            stay.here = here
            self._show(stay)
            yield
        for typing in news.typing:
            self._type(stays, typing)
        for lowered in news.lowered:  # also in rooms that are open only now
            self._lower(lowered)
        if not stays:
            del self._stays[node]

    def close(self) -> None:
        """Show nobody any more."""
        for handle in filter(None, (self._timer, self._next_slice)):
            handle.cancel()
        self._heard.clear()

    def _show(self, stay: _Stay) -> None:
        """Let somebody be in the lists as they are on their node, or wait until that is possible."""
        person = stay.person or self._admit(stay)
        if person:
            self._adopt(person, stay.here)
            self._move(stay, person)
        if person and len(stay.rooms) == len(stay.here.rooms):
            self._waiting.pop(stay, None)
        else:
            self._waiting[stay] = None

    def _admit(self, stay: _Stay) -> Person | None:
        """Who somebody is here; None if another one has their name."""
        here, people = stay.here, self._hub.people
        for rival in list(self._hub.free_names.others_like(here.nickname, here.identity)):
            if _precedence(here) < _precedence(rival):
                self._give_way(rival, nickname_key(here.nickname))
        key = nickname_key(here.nickname)
        person = people.get(key)
        if person and person.identity != here.identity:
            return None
        if person is None:
            author = self._hub.author(here.identity)
            person = Person(here.nickname, key, here.identity, author, here.client, here.host)
            person.admitted = True
            person.joined_at = here.joined_at
        person.joined_at = min(person.joined_at, here.joined_at)
        stay.person, person.elsewhere = person, (*person.elsewhere, stay)
        self._hub.registry.add(person)
        return person

    def _give_way(self, rival: Person, key: str) -> None:
        """Somebody has come before, under the same name: rename the later one, or let their node do so."""
        hub, name = self._hub, rival.nickname
        if rival.session_count or hub.grace_periods.is_waiting_for(rival):
            free = hub.free_names.one_like(name)
            if free is None:
                return  # the other waits until there is one
            hub.rename(rival, free)
            sentence = (
                f"Somebody else came here as {isolated(name)} before you, so you are {isolated(rival.nickname)} now."
            )
            for session in hub.sessions(rival.identity):
                session.send(events.System(sentence, times.timestamp(), SystemCode.ORDER))
        elif rival.key == key:
            for stay in [stay for stays in self._stays.values() for stay in stays.values() if stay.person is rival]:
                self._withdraw(stay, rival)
                self._waiting[stay] = None
            hub.forget_if_gone(rival)

    def _adopt(self, person: Person, here: Here) -> None:
        """Let a person have the name and the status that they have given themselves there, if nowhere later."""
        if not person.session_count:
            self._hub.roles.note(Principal(here.identity, role=here.role))  # which a token may have told, there alone
            if (person.role, person.muted) != (here.role, here.muted):
                person.role, person.muted = here.role, here.muted
                for room in self._hub.rooms_of(person):
                    room.announce_status(person)
        if here.changed_at > person.changed_at:
            with suppress(ProtocolError):  # somebody here has that name: the two nodes are about to find out
                self._hub.rename(person, here.nickname)
            self._hub.set_status(person, here.status, here.status_text)
            person.changed_at = here.changed_at
        else:
            self._hub.set_status(person, person.chosen_status, person.status_text)  # all devices may be idle now

    def _move(self, stay: _Stay, person: Person) -> None:
        """Let a person be in the rooms in which they are on their node, as far as these are known here."""
        rooms = self._hub.rooms  # one may have been deleted since, and another one of its name made
        stay.rooms = {name for name in stay.rooms if name in rooms and rooms[name].is_elsewhere(person)}
        for name in stay.rooms - set(stay.here.rooms):
            stay.rooms.remove(name)
            self._depart(person, name)
        for name in set(stay.here.rooms) - stay.rooms:
            if self._is_known(name):
                stay.rooms.add(name)
                self._arrive(person, self._hub.directory.room(name))
        self._raise_hands(stay, person)

    def _raise_hands(self, stay: _Stay, person: Person) -> None:
        """Let a person's hands be raised as they are on their node."""
        now = {name: since for name, since in stay.here.hands if name in stay.rooms}
        for name in stay.hands.keys() - now.keys():
            self._end_hand(name, person, stay)
        for name, since in now.items() - stay.hands.items():
            if room := self._hub.rooms.get(name):
                room.hands.raise_elsewhere(person, stay, since)
        stay.hands = now

    def _end_hand(self, name: str, person: Person, stay: _Stay) -> None:
        if room := self._hub.rooms.get(name):
            room.hands.end_elsewhere(person.author, stay)

    def _lower(self, lowered: LoweredHand) -> None:
        room = self._hub.rooms.get(lowered.room)
        if room is None:
            return
        for person in room.hands.lower_until(lowered.author, lowered.until):
            self._hub.nodes.changed(person)
            if lowered.by and person.author not in room.hands:
                tell_called(self._hub, room, person, lowered.by)

    def _is_known(self, name: str) -> bool:
        """Whether this node has followed that there is the room, and whose it is."""
        is_whole = not is_private(name) or len(self._hub.subscriptions.in_room(name)) == 2
        return is_whole and self._hub.directory.learn(name)

    def _arrive(self, person: Person, room: Room) -> None:
        self._hub.grace_periods.returned(person, room)
        self._hub.nodes.changed(person)  # somebody who was lost here has come back there
        if room.enter_elsewhere(person):
            room.announce_arrival(person)

    def _depart(self, person: Person, name: str) -> None:
        room = self._hub.rooms.get(name)
        if room and room.exit_elsewhere(person) and name not in self._hub.grace_periods.rooms_of(person):
            room.announce_departure(person)

    def _withdraw(self, stay: _Stay, person: Person) -> None:
        person.elsewhere = tuple(other for other in person.elsewhere if other is not stay)
        stay.person = None
        for name in stay.rooms:
            self._end_hand(name, person, stay)
            self._depart(person, name)
        stay.rooms.clear()
        stay.hands = {}

    def _end(self, stay: _Stay, *, kept: bool) -> None:
        self._waiting.pop(stay, None)
        if person := stay.person:
            self._withdraw(stay, person)
            if not (kept or person.connected):  # they have said goodbye there, after they were lost here
                self._hub.grace_periods.end(person)
            self._hub.left_elsewhere(person, kept=kept)

    def _type(self, stays: dict[int, _Stay], typing: Types) -> None:
        stay, room = stays.get(typing.number), self._hub.rooms.get(typing.room)
        if stay and stay.person and room and typing.room in stay.rooms:
            room.notify_typing(stay.person, typing.active)

    def _try_again_later(self) -> None:
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_AGAIN_SECONDS, self._try_again)

    def _try_again(self) -> None:
        self._timer = None
        for stay in list(self._waiting):
            self._show(stay)
        self._try_again_later()


def _precedence(one: Person | Here) -> tuple[bool, str, str]:
    """Who keeps a name: the host, then the one who has come first."""
    return not one.host, one.joined_at, one.identity
