"""Who is in a room, and what has changed since the last batch."""

import time

from chatdesk.protocol import events
from chatdesk.protocol.commands import ClientKind
from chatdesk.server.session import Session


class Person:
    """An identity under a nickname; several sessions (tabs, devices) may share it."""

    __slots__ = ("_since", "admitted", "client", "host", "identity", "joined_at", "key", "nickname", "sessions")

    def __init__(self, nickname: str, key: str, identity: str, client: ClientKind, host: bool) -> None:
        self.nickname = nickname
        self.key = key
        self.identity = identity
        self.client = client
        self.host = host
        self.joined_at = events.timestamp()
        self._since = time.monotonic()
        self.sessions: set[Session] = set()
        self.admitted = False
        """Whether one of the sessions has entered a room; before that, the nickname is only requested."""

    @property
    def stayed_seconds(self) -> float:
        """Seconds since the person joined."""
        return time.monotonic() - self._since

    def as_user(self) -> events.User:
        """The person as an entry of the user list."""
        return events.User(self.nickname, "online", self.joined_at, self.client, self.host)


class Presence:
    """The people in one room, and the changes for the next batch."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self._joined: dict[str, Person] = {}
        self._left: set[str] = set()

    def enter(self, person: Person) -> bool:
        """Add a person. Returns False if they are in the room already, with another session."""
        if person.key in self.people:
            return False
        self.people[person.key] = person
        if person.nickname in self._left:
            self._left.remove(person.nickname)  # left and back within one batch
        else:
            self._joined[person.nickname] = person
        return True

    def exit(self, person: Person) -> None:
        """Remove a person who has left."""
        del self.people[person.key]
        self._left.add(person.nickname)

    def users(self) -> list[events.User]:
        """Everybody, as entries of the user list."""
        return [person.as_user() for person in self.people.values()]

    def take_changes(self, room: str) -> tuple[events.Presence | None, events.Presence | None]:
        """Arrivals and departures since the last call; None for none.

        Arrivals are sent before the messages of a batch and departures after them, so that nobody speaks before they
        join or after they leave.
        """
        joined, left = self._joined, self._left
        self._joined, self._left = {}, set()
        now, count = events.timestamp(), len(self.people)
        came = [person.as_user() for person in joined.values()]
        went = [events.Departed(nickname) for nickname in sorted(left)]
        return (
            events.Presence(room, came, [], count, now) if came else None,
            events.Presence(room, [], went, count, now) if went else None,
        )
