"""Who is in a room, and what has changed since the last batch."""

from chatdesk.protocol import events
from chatdesk.server.person import Person


class Presence:
    """The people in one room, and the changes for the next batch."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self._joined: dict[str, Person] = {}
        self._left: dict[str, str] = {}
        """Nicknames of those who left, and their authors."""

    def enter(self, person: Person) -> bool:
        """Add a person. Returns False if they are in the room already, with another session."""
        if person.key in self.people:
            return False
        self.people[person.key] = person
        self._left.pop(person.nickname, None)
        # Those who are back within one batch are sent, too: somebody may have got the list in between.
        self._joined[person.nickname] = person
        return True

    def exit(self, person: Person) -> None:
        """Remove a person who has left."""
        del self.people[person.key]
        self._left[person.nickname] = person.author

    def users(self) -> list[events.User]:
        """Everybody, as entries of the user list."""
        return [person.as_user() for person in self.people.values()]

    def take_changes(self, room: str) -> tuple[events.Presence | None, events.Presence | None]:
        """Arrivals and departures since the last call; None for none.

        Arrivals are sent before the messages of a batch and departures after them, so that nobody speaks before they
        join or after they leave.
        """
        joined, left = self._joined, self._left
        self._joined, self._left = {}, {}
        now, count = events.timestamp(), len(self.people)
        came = [person.as_user() for person in joined.values()]
        went = [events.Departed(*departed) for departed in sorted(left.items())]
        return (
            events.Presence(room, came, [], count, now) if came else None,
            events.Presence(room, [], went, count, now) if went else None,
        )
