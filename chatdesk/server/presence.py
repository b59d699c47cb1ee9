"""Who is in a room, in the order of the list, and what has changed since the last batch."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from chatdesk.protocol import events, times
from chatdesk.protocol.limits import USERS_PAGE
from chatdesk.protocol.names import nickname_key
from chatdesk.protocol.search_folding import fold
from chatdesk.server.person import Person
from chatdesk.server.standings import RoomStandings

LARGE_ROOM = USERS_PAGE
"""People in a room whose list fits one page. In a larger one nobody follows arrivals and departures."""
SHOWN = 50
"""People whom a member of a large room gets without asking: as many as a screen shows, before somebody scrolls."""
NAMED = 20
"""Names each way in one ``presence`` of a large room: more than anybody reads in the second until the next one."""
_HOST_FIRST = "\0"  # before a host's place; no nickname has it
_FOLDED_NAMES = 16_384  # two megabytes, for a room that is searched

_fold = lru_cache(_FOLDED_NAMES)(fold)


class Changes(NamedTuple):
    """Arrivals before the messages of a batch, and departures after them; None for none."""

    joined: events.Presence | None
    left: events.Presence | None


class Presence:
    """The people in one room, and the changes for the next batch. ``standings``: what holds for them in the room."""

    def __init__(self, standings: RoomStandings | None = None) -> None:
        self._standings = standings or RoomStandings()
        self.people: dict[str, Person] = {}
        self._order: list[str] = []
        """The places of all people: the host's, then the others' by nickname."""
        self._last_host = ""
        """The nickname of the host who is or was here last."""
        self._first_page: list[events.User] = []
        """The people who join all ask for it, so it is kept up to date instead of made for each."""
        self._joined: dict[str, Person] = {}
        self._left: dict[str, Person] = {}
        self._changed: dict[str, Person] = {}

    @property
    def large(self) -> bool:
        """Whether so many are in the room, or come and go at once, that not all can be named."""
        return max(len(self.people), len(self._joined), len(self._left)) > LARGE_ROOM

    @property
    def changed(self) -> bool:
        """Whether somebody has come, gone or changed since the last batch."""
        return bool(self._joined or self._left or self._changed)

    def enter(self, person: Person) -> bool:
        """Add a person. Returns False if they are in the room already, with another session."""
        if person.key in self.people:
            return False
        self._insert(person)
        self._left.pop(person.nickname, None)
        # Those who are back within one batch are sent, too: others may have got the list meanwhile.
        self._joined[person.nickname] = person
        return True

    def exit(self, person: Person) -> None:
        """Remove a person who has left."""
        self._remove(person.key, person.host)
        self._left[person.nickname] = person

    def rename(self, person: Person, key: str, nickname: str) -> None:
        """A person has a new nickname; ``key`` and ``nickname`` are what they had before."""
        self._remove(key, person.host)
        self._insert(person)
        for batch in (self._joined, self._changed):
            if batch.pop(nickname, None):
                batch[person.nickname] = person

    def change(self, person: Person) -> None:
        """A person has another status."""
        index = bisect_left(self._order, _place(person.key, person.host))
        if index < len(self._first_page):
            self._first_page[index] = self._user(person)
        self._changed[person.nickname] = person

    def _insert(self, person: Person) -> None:
        self.people[person.key] = person
        if person.host:
            self._last_host = person.key
        place = _place(person.key, person.host)
        index = bisect_left(self._order, place)
        self._order.insert(index, place)
        if index < USERS_PAGE:
            self._first_page.insert(index, self._user(person))
            del self._first_page[USERS_PAGE:]

    def _remove(self, key: str, host: bool) -> None:
        del self.people[key]
        index = bisect_left(self._order, _place(key, host))
        del self._order[index]
        if index < USERS_PAGE:
            del self._first_page[index]
            self._first_page += [self._user(next_one) for next_one in islice(self._from(USERS_PAGE - 1), 1)]

    def first_page(self) -> tuple[list[events.User], bool]:
        """What a member gets without asking, and whether that is not all: of a large room, the beginning."""
        shown = SHOWN if len(self.people) > LARGE_ROOM else USERS_PAGE
        return self._first_page[:shown], len(self.people) > shown

    def page(
        self, after: str | None = None, query: str = "", limit: int = USERS_PAGE
    ) -> tuple[list[events.User], bool]:
        """A page of the list, and whether there are more people after it.

        It begins behind the place that the nickname ``after`` has or had. ``query`` selects the names that contain it.
        """
        start = 0 if after is None else bisect_right(self._order, self._place_of(after))
        found = list(islice(_named(fold(query), self._from(start)), limit + 1))
        return self._users(found[:limit]), len(found) > limit

    def take_changes(self, room: str) -> Changes:
        """Arrivals and departures since the last call.

        Arrivals are sent before the messages of a batch and departures after them, so that nobody speaks before they
        join or after they leave. A large room has both in one event, which names the latest of them.
        """
        large, joined, left = self.large, self._joined, self._left
        changed = [
            person for nickname, person in self._changed.items() if nickname not in left and nickname not in joined
        ]
        self._joined, self._left, self._changed = {}, {}, {}
        now, count = times.timestamp(), len(self.people)
        if large:
            came = [person for nickname, person in joined.items() if nickname not in left]
            went = list(left.values())  # also those who arrived a moment ago: others may have got the list meanwhile
            more = max(len(came), len(went), len(changed)) > NAMED
            named = self._users(came[-NAMED:]), _departed(went[-NAMED:])
            summary = events.Presence(room, *named, count, now, more, tuple(self._users(changed[-NAMED:])))
            return Changes(summary if joined or left or changed else None, None)
        news = events.Presence(room, self._users(joined.values()), [], count, now, changed=tuple(self._users(changed)))
        return Changes(
            news if joined or changed else None,
            events.Presence(room, [], _departed(left.values()), count, now) if left else None,
        )

    def _user(self, person: Person) -> events.User:
        role = self._standings.roles.get(person.identity, person.role)
        return person.as_user(role, muted=person.muted or person.identity in self._standings.muted)

    def _users(self, people: Iterable[Person]) -> list[events.User]:
        return list(map(self._user, people))

    def _from(self, start: int) -> Iterator[Person]:
        """The people from a place of the list on."""
        order, people = self._order, self.people
        return (people[order[index].removeprefix(_HOST_FIRST)] for index in range(start, len(order)))

    def _place_of(self, nickname: str) -> str:
        """The place that the nickname has in the list, or had if this person has left."""
        key = nickname_key(nickname)
        person = self.people.get(key)
        return _place(key, person.host if person else key == self._last_host)


def _place(key: str, host: bool) -> str:
    return f"{_HOST_FIRST}{key}" if host else key


def _named(folded: str, people: Iterator[Person]) -> Iterator[Person]:
    """The people whose nicknames contain the folded text."""
    return (person for person in people if folded in _fold(person.nickname)) if folded else people


def _departed(people: Iterable[Person]) -> list[events.Departed]:
    return sorted(
        (events.Departed(person.nickname, person.author) for person in people), key=lambda departed: departed.nickname
    )
