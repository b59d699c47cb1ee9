"""Who is in the room, and who of them is typing."""

from collections import Counter
from collections.abc import Iterable

from chatdesk.client.changes import Change, PeopleChanged, PeopleReset, TypingChanged
from chatdesk.protocol.appearance import first_word, short_name
from chatdesk.protocol.events import User, Users

TYPING_SECONDS = 5.0
"""How long somebody who typed is shown without a renewal."""

MOST_PEOPLE = 10_000
"""Of more people the first ones are listed, and all of them counted."""
MOST_TYPING = 100
"""Of more people who type at once the others are left out."""


class People:
    """Everybody here by nickname, in the order they came; ``typing`` in the order they began."""

    def __init__(self) -> None:
        self.here: dict[str, User] = {}
        self._server_count = 0
        self._first_words: Counter[str] = Counter()
        self._typing: dict[str, float] = {}

    @property
    def count(self) -> int:
        """How many are here: as many as the host says, and no fewer than are listed."""
        return max(self._server_count, len(self.here))

    @property
    def typing(self) -> list[str]:
        """Who is typing."""
        return list(self._typing)

    def short_name(self, nickname: str) -> str:
        """The first name, where a name has one that nobody else here has; it costs the same in any room."""
        others = self._first_words[first_word(nickname)] - (nickname in self.here)
        return nickname if others > 0 else short_name(nickname)

    def reset(self, users: Users) -> list[Change]:
        """These are all."""
        self.here = {user.nickname: user for user in users.users[:MOST_PEOPLE]}
        self._first_words = Counter(map(first_word, self.here))
        self._server_count = users.user_count
        return [PeopleReset(), *self.stop_typing(nickname for nickname in self.typing if nickname not in self.here)]

    def change(self, joined: Iterable[User], left: Iterable[str], count: int) -> list[Change]:
        """These came, those went."""
        unlisted = self.count > len(self.here)
        self._server_count = count
        came, more = self._add(joined)
        gone, fewer = self._remove(left)
        return [PeopleChanged(came, gone, more - fewer if unlisted or more else 0), *self.stop_typing(gone)]

    def _add(self, joined: Iterable[User]) -> tuple[tuple[User, ...], int]:
        """Who is listed now, and how many are not, as the list is full."""
        came, more = [], 0
        for user in joined:
            if user.nickname in self.here:
                continue
            if len(self.here) >= MOST_PEOPLE:
                more += 1
                continue
            self.here[user.nickname] = user
            self._first_words[first_word(user.nickname)] += 1
            came.append(user)
        return tuple(came), more

    def _remove(self, left: Iterable[str]) -> tuple[tuple[str, ...], int]:
        """Who is listed no longer, and how many never were."""
        gone, others = [], 0
        for nickname in left:
            if self.here.pop(nickname, None):
                gone.append(nickname)
            else:
                others += 1
        self._forget_words(gone)
        return tuple(gone), others

    def _forget_words(self, gone: Iterable[str]) -> None:
        for word in map(first_word, gone):
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
        """They type no longer."""
        stopped = [nickname for nickname in nicknames if self._typing.pop(nickname, None) is not None]
        return [TypingChanged()] if stopped else []

    def expire(self, now: float) -> list[Change]:
        """Let those who have stopped typing without a word disappear."""
        return self.stop_typing([nickname for nickname, until in self._typing.items() if until <= now])
