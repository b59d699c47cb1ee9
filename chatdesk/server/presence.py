"""Who is in a room, and what has changed since everybody was last told."""

import time

from chatdesk.protocol import events
from chatdesk.protocol.commands import ClientKind
from chatdesk.server.session import Session


class Person:
    """A nickname in use; several sessions of one identity may share it."""

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
        """Whether one of them has ever been let in: until then the nickname is only asked for."""

    @property
    def stayed_seconds(self) -> float:
        """For how many seconds they have been here."""
        return time.monotonic() - self._since

    def as_user(self) -> events.User:
        """As a row of the user list."""
        return events.User(self.nickname, "online", self.joined_at, self.client, self.host)


class Presence:
    """The people in one room, and the difference that the next batch tells."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self._joined: dict[str, Person] = {}
        self._left: set[str] = set()

    def enter(self, person: Person) -> bool:
        """Add somebody; False when they were there already, with another session."""
        if person.key in self.people:
            return False
        self.people[person.key] = person
        if person.nickname in self._left:
            self._left.remove(person.nickname)  # gone and back before anybody was told
        else:
            self._joined[person.nickname] = person
        return True

    def exit(self, person: Person) -> None:
        """Remove somebody who has left."""
        del self.people[person.key]
        self._left.add(person.nickname)

    def users(self) -> list[events.User]:
        """Everybody, as rows of the user list."""
        return [person.as_user() for person in self.people.values()]

    def take_changes(self, room: str) -> tuple[events.Presence | None, events.Presence | None]:
        """Who came and who went since the last call.

        Two batches: arrivals are told before the messages that fell due with them, departures after them, so that
        nobody speaks before coming or after going.
        """
        joined, left = self._joined, self._left
        self._joined, self._left = {}, set()
        now, count = events.timestamp(), len(self.people)
        came = [person.as_user() for person in joined.values()]
        return (
            events.Presence(room, came, [], count, now) if came else None,
            events.Presence(room, [], sorted(left), count, now) if left else None,
        )
