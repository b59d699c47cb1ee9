"""Who is in the room, and who is typing."""

from collections import Counter
from collections.abc import Iterable

from chatdesk.client.changes import Change, PeopleChanged, PeopleReset, TypingChanged
from chatdesk.protocol.appearance import first_word, short_name
from chatdesk.protocol.events import User, Users

TYPING_SECONDS = 5.0
"""How long somebody is shown as typing without a renewal; clients renew it every three seconds."""

MOST_PEOPLE = 10_000
"""Only so many people are listed, a list that a person can still scroll; all of them are counted."""
MOST_TYPING = 100
"""Only so many typing people are tracked; views name a few of them anyway."""


class People:
    """Everybody in the room by nickname, in the order of joining; ``typing`` in the order of starting."""

    def __init__(self) -> None:
        self.here: dict[str, User] = {}
        self._server_count = 0
        self._first_words: Counter[str] = Counter()
        self._typing: dict[str, float] = {}

    @property
    def count(self) -> int:
        """How many people are in the room, as the server says, and at least as many as are listed."""
        return max(self._server_count, len(self.here))

    @property
    def typing(self) -> list[str]:
        """The nicknames of the people who are typing."""
        return list(self._typing)

    def short_name(self, nickname: str) -> str:
        """The first name, if nobody else here has it; the cost does not depend on the size of the room."""
        others = self._first_words[first_word(nickname)] - (nickname in self.here)
        return nickname if others > 0 else short_name(nickname)

    def reset(self, users: Users) -> list[Change]:
        """Replace the list."""
        self.here = {user.nickname: user for user in users.users[:MOST_PEOPLE]}
        self._first_words = Counter(map(first_word, self.here))
        self._server_count = users.user_count
        return [PeopleReset(), *self.stop_typing(nickname for nickname in self.typing if nickname not in self.here)]

    def change(self, joined: Iterable[User], left: Iterable[str], count: int) -> list[Change]:
        """Add the people who joined and remove those who left."""
        unlisted = self.count > len(self.here)
        self._server_count = count
        added, more = self._add(joined)
        removed, fewer = self._remove(left)
        return [PeopleChanged(added, removed, more - fewer if unlisted or more else 0), *self.stop_typing(removed)]

    def _add(self, joined: Iterable[User]) -> tuple[tuple[User, ...], int]:
        """Return the people who are listed now, and how many are not because the list is full."""
        added, more = [], 0
        for user in joined:
            if user.nickname in self.here:
                continue
            if len(self.here) >= MOST_PEOPLE:
                more += 1
                continue
            self.here[user.nickname] = user
            self._first_words[first_word(user.nickname)] += 1
            added.append(user)
        return tuple(added), more

    def _remove(self, left: Iterable[str]) -> tuple[tuple[str, ...], int]:
        """Return the nicknames that are listed no longer, and how many of those who left were not listed."""
        removed, others = [], 0
        for nickname in left:
            if self.here.pop(nickname, None):
                removed.append(nickname)
            else:
                others += 1
        self._remove_first_words(removed)
        return tuple(removed), others

    def _remove_first_words(self, removed: Iterable[str]) -> None:
        for word in map(first_word, removed):
            self._first_words[word] -= 1
            if not self._first_words[word]:
                del self._first_words[word]

    def start_typing(self, nickname: str, now: float) -> list[Change]:
        """Somebody types, or still does."""
        known = nickname in self._typing
        if not known and len(self._typing) >= MOST_TYPING:
            return []
        self._typing[nickname] = now + TYPING_SECONDS
        return [] if known else [TypingChanged()]

    def stop_typing(self, nicknames: Iterable[str]) -> list[Change]:
        """These people no longer type."""
        stopped = [nickname for nickname in nicknames if self._typing.pop(nickname, None) is not None]
        return [TypingChanged()] if stopped else []

    def expire(self, now: float) -> list[Change]:
        """Remove people whose typing was not renewed."""
        return self.stop_typing([nickname for nickname, until in self._typing.items() if until <= now])
