"""Who is in the room, as far as the list is known, and who is typing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from random import SystemRandom

from msgspec.structs import replace

from chatdesk.client.changes import (
    Change,
    PeopleChanged,
    PeopleListed,
    PeopleReset,
    PeopleUpdated,
    TypingChanged,
)
from chatdesk.client.requests import Request, RequestKind
from chatdesk.protocol import commands
from chatdesk.protocol.appearance import first_word, short_name
from chatdesk.protocol.events import User, Users
from chatdesk.protocol.names import nickname_key

TYPING_SECONDS = 5.0
"""How long somebody is shown as typing without a renewal; clients renew it every three seconds."""

MAX_PEOPLE = 10_000
"""Only so many people are listed, a list that a person can still scroll; all of them are counted."""
MAX_TYPING = 100
"""Only so many typing people are tracked; views name a few of them anyway."""
_TOLD_UP_TO = 50
"""In a room of more people nobody is told who joins, leaves or is renamed: most would be strangers."""
_REFRESH_SECONDS = 5.0
"""How often a list that names were left out of is read again, at most; and over how much time all clients spread it.

They hear of a crowd at the same moment, and would ask at the same moment.
"""

_key = lru_cache(maxsize=1024)(nickname_key)
_random = SystemRandom().random


class People:
    """The people in the room by nickname, in the order of joining; ``typing`` in the order of starting.

    A large room's list comes in pages: the host, then the others by name. It is known from its beginning to the last
    person of the last page. ``complete``: it is known to its end.
    """

    def __init__(self) -> None:
        self.here: dict[str, User] = {}
        self.complete = True
        self.host_author = ""
        """The author of the host who was listed last; empty as long as none is known."""
        self.moderators: set[str] = set()
        """The authors who were moderators when they were listed last: for the mark beside what they have said."""
        self._last: User | None = None
        self._server_count = 0
        self._first_words: Counter[str] = Counter()
        self._typing: dict[str, float] = {}
        self._wants_more = False
        self._is_shown = False
        self._is_stale = False
        self._refresh_at: float | None = None
        self._read_at = 0.0
        self._read_again: list[User] | None = None

    @property
    def count(self) -> int:
        """How many people are in the room, as the server says, and at least as many as are listed."""
        return max(self._server_count, len(self.here))

    @property
    def tells_of_changes(self) -> bool:
        """Whether the timeline announces joins, leaves and renames: only in a room that is not large."""
        return self.count <= _TOLD_UP_TO

    @property
    def typing(self) -> list[str]:
        """The nicknames of the people who are typing."""
        return list(self._typing)

    def short_name(self, nickname: str) -> str:
        """The first name, if nobody else here has it; the cost does not depend on the size of the room."""
        others = self._first_words[first_word(nickname)] - (nickname in self.here)
        return nickname if others > 0 else short_name(nickname)

    # The list

    def reset(self, users: Users) -> list[Change]:
        """Replace the list by its first page."""
        self._wants_more, self._is_stale, self._refresh_at, self._read_again = False, False, None, None
        return self._replace(users.users, users)

    def load_more(self) -> None:
        """Somebody wants to see the next page."""
        self._wants_more = not self.complete and len(self.here) < MAX_PEOPLE

    def show(self, shown: bool) -> None:
        """Somebody looks at the list, or no longer does: only then it is read again."""
        self._is_shown = shown

    def wanted(self) -> Iterator[tuple[RequestKind, commands.Users]]:
        """The page that is wanted now."""
        if self._read_again is not None:
            yield "people", commands.Users(after=self._read_again[-1].nickname if self._read_again else None)
        elif self._wants_more and self._last:
            yield "people", commands.Users(after=self._last.nickname)

    def receive(self, users: Users, asked: Request, now: float) -> list[Change]:
        """Add a page that was asked for; one that is no longer wanted changes nothing."""
        self._server_count = users.user_count
        after = asked.command.after if isinstance(asked.command, commands.Users) else None
        if self._read_again is not None:
            return self._receive_again(users, self._read_again, after, now)
        if not self._wants_more or self._last is None or after != self._last.nickname:
            return []
        self._wants_more = False
        return self._append(users)

    def refuse(self) -> None:
        """The server refuses the page, for good."""
        self._wants_more, self._read_again = False, None

    def _receive_again(self, users: Users, read: list[User], after: str | None, now: float) -> list[Change]:
        """Read on until as much is known as before."""
        if after != (read[-1].nickname if read else None):
            return []
        read += users.users
        if users.more and users.users and len(read) < min(len(self.here), MAX_PEOPLE):
            return []
        self._read_again, self._read_at = None, now
        return self._replace(read, users)

    def _replace(self, people: list[User], page: Users) -> list[Change]:
        self.here = {user.nickname: user for user in people[:MAX_PEOPLE]}
        self._first_words = Counter(map(first_word, self.here))
        self._note_roles(people)
        self._set_end(people, page)
        return [PeopleReset(), *self.stop_typing(nickname for nickname in self.typing if nickname not in self.here)]

    def _append(self, page: Users) -> list[Change]:
        added = tuple(self._add(page.users))
        self._set_end(page.users, page)
        return [PeopleListed(added)]

    def _set_end(self, people: list[User], page: Users) -> None:
        """The last person of the last page; a server that has more and sends none has no more."""
        self._server_count = page.user_count
        self.complete = not page.more or not people
        self._last = people[-1] if people else None

    # Joining and leaving

    def change(self, joined: Iterable[User], left: Iterable[str], count: int, *, more: bool = False) -> list[Change]:
        """Add the people who joined and remove those who left; ``more``: there were others, whom nobody names."""
        left, before, listed = list(left), self.count, len(self.here)
        added = tuple(self._add(user for user in joined if self._is_in_known_part(user)))
        removed = self._remove(left)
        self._server_count = count
        self._is_stale = self._is_stale or more
        unlisted = (self.count - len(self.here)) - (before - listed)
        names_all = self.complete and not more and len(self.here) < MAX_PEOPLE
        return [PeopleChanged(added, removed, 0 if names_all else unlisted), *self.stop_typing(left)]

    def update(self, people: Iterable[User]) -> list[Change]:
        """These people have another status."""
        known = tuple(user for user in people if user.nickname in self.here)
        self._note_roles(known)
        self.here.update((user.nickname, user) for user in known)
        return [PeopleUpdated(known, tuple(user.nickname for user in known))] if known else []

    def rename(self, old: str, nickname: str) -> list[Change]:
        """Somebody has another nickname than the ``old`` one."""
        removed = self._remove([old])
        renamed = tuple(replace(user, nickname=nickname) for user in removed)
        added = tuple(self._add(user for user in renamed if self._is_in_known_part(user)))
        return [PeopleUpdated(added, (old,)), *self.stop_typing([old])] if removed else []

    def _is_in_known_part(self, user: User) -> bool:
        return self.complete or self._last is None or _order(user) <= _order(self._last)

    def _add(self, people: Iterable[User]) -> Iterator[User]:
        """Add those who are not listed yet, as long as there is room for them."""
        for user in people:
            if user.nickname not in self.here and len(self.here) < MAX_PEOPLE:
                self.here[user.nickname] = user
                self._note_roles([user])
                self._first_words[first_word(user.nickname)] += 1
                yield user

    def _note_roles(self, people: Iterable[User]) -> None:
        for user in people:
            if not user.author:
                continue
            if user.host:
                self.host_author = user.author
            if user.role == "moderator" and len(self.moderators) < MAX_PEOPLE:
                self.moderators.add(user.author)
            else:
                self.moderators.discard(user.author)

    def _remove(self, left: Iterable[str]) -> tuple[User, ...]:
        """Return the people who are listed no longer."""
        removed = tuple(user for nickname in left if (user := self.here.pop(nickname, None)))
        for word in (first_word(user.nickname) for user in removed):
            self._first_words[word] -= 1
            if not self._first_words[word]:
                del self._first_words[word]
        return removed

    # Typing, and time

    def start_typing(self, nickname: str, now: float) -> list[Change]:
        """Somebody types, or still does."""
        known = nickname in self._typing
        if not known and len(self._typing) >= MAX_TYPING:
            return []
        self._typing[nickname] = now + TYPING_SECONDS
        return [] if known else [TypingChanged()]

    def stop_typing(self, nicknames: Iterable[str]) -> list[Change]:
        """These people no longer type."""
        stopped = [nickname for nickname in nicknames if self._typing.pop(nickname, None) is not None]
        return [TypingChanged()] if stopped else []

    def tick(self, now: float) -> list[Change]:
        """Some time has passed: people whose typing was not renewed have stopped, and the list may be due."""
        if self._is_shown and self._is_stale and self._refresh_at is None:
            self._refresh_at = max(now, self._read_at + _REFRESH_SECONDS) + _random() * _REFRESH_SECONDS
        if self._is_shown and self._refresh_at is not None and self._refresh_at <= now:
            self._is_stale, self._refresh_at, self._read_again = False, None, []
        return self.stop_typing([nickname for nickname, until in self._typing.items() if until <= now])


def _order(user: User) -> tuple[bool, str]:
    """The order of the server's list."""
    return not user.host, _key(user.nickname)
