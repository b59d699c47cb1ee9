"""A search for people by name, in a room whose list is not known to its end: the server searches."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chatdesk.client.changes import Change, FoundPeopleChanged
from chatdesk.client.people import MAX_PEOPLE
from chatdesk.client.requests import Request, RequestKind
from chatdesk.protocol import commands
from chatdesk.protocol.events import User, Users
from chatdesk.protocol.limits import NAME_QUERY_CHARS


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """The people found so far; ``complete``: these are all. ``busy``: an answer is pending."""

    query: str
    people: tuple[User, ...] = ()
    complete: bool = False
    busy: bool = True


class PeopleSearch:
    """Requests one page at a time; ``found`` is None while nobody searches."""

    def __init__(self) -> None:
        self.found: FoundPeople | None = None

    def start(self, query: str) -> list[Change]:
        """Search for names that contain ``query``; an empty one ends the search."""
        query = query.strip()[:NAME_QUERY_CHARS]
        if query == (self.found.query if self.found else ""):
            return []
        self.found = FoundPeople(query) if query else None
        return [FoundPeopleChanged()]

    def load_more(self) -> None:
        """Somebody wants to see the next page of those found."""
        if self.found and not self.found.complete:
            self.found = replace(self.found, busy=True)

    def wanted(self) -> Iterator[tuple[RequestKind, commands.Users]]:
        """The page that is wanted now."""
        if self.found and self.found.busy:
            yield "found people", self._request(self.found)

    def receive(self, users: Users, asked: Request) -> list[Change]:
        """Add a page; the answer to an earlier request changes nothing."""
        if not self._is_wanted(asked) or self.found is None:
            return []
        people = (*self.found.people, *users.users)[:MAX_PEOPLE]
        complete = not users.more or not users.users or len(people) >= MAX_PEOPLE
        self.found = FoundPeople(self.found.query, people, complete, busy=False)
        return [FoundPeopleChanged()]

    def refuse(self, asked: Request) -> list[Change]:
        """The server refuses the page, for good."""
        if not self._is_wanted(asked) or self.found is None:
            return []
        self.found = replace(self.found, complete=True, busy=False)
        return [FoundPeopleChanged()]

    def _is_wanted(self, asked: Request) -> bool:
        wanted = next(self.wanted(), None)
        command = asked.command
        if wanted is None or not isinstance(command, commands.Users):
            return False
        return (command.query, command.after) == (wanted[1].query, wanted[1].after)

    def _request(self, found: FoundPeople) -> commands.Users:
        return commands.Users(query=found.query, after=found.people[-1].nickname if found.people else None)
