"""Who is in the room, and who of them is typing."""

from collections.abc import Iterable

from chatdesk.client.changes import Change, PeopleChanged, PeopleReset, TypingChanged
from chatdesk.client.sanity import UnreadableEventError
from chatdesk.protocol.events import User, Users

TYPING_SECONDS = 5.0
"""How long somebody who typed is shown without a renewal."""

_MOST_TYPING = 100
_MOST_PEOPLE = 20_000


class People:
    """Everybody here by nickname, in the order they came; ``typing`` in the order they began."""

    def __init__(self) -> None:
        self.here: dict[str, User] = {}
        self.count = 0
        self._typing: dict[str, float] = {}

    @property
    def typing(self) -> list[str]:
        """Who is typing."""
        return list(self._typing)

    def reset(self, users: Users) -> list[Change]:
        """These are all."""
        self.here = {user.nickname: user for user in users.users}
        self.count = users.user_count
        return [PeopleReset(), *self.stop_typing(nickname for nickname in self.typing if nickname not in self.here)]

    def change(self, joined: Iterable[User], left: Iterable[str], count: int) -> list[Change]:
        """These came, those went. Raises UnreadableEventError for more people than a room holds."""
        self.count = count
        came = tuple(user for user in joined if user.nickname not in self.here)
        self.here.update((user.nickname, user) for user in came)
        gone = tuple(nickname for nickname in left if self.here.pop(nickname, None))
        if len(self.here) > _MOST_PEOPLE:
            raise UnreadableEventError("more people than a room holds")
        return [PeopleChanged(came, gone), *self.stop_typing(gone)]

    def start_typing(self, nickname: str, now: float) -> list[Change]:
        """Somebody types, or still does."""
        known = nickname in self._typing
        if not known and len(self._typing) >= _MOST_TYPING:
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
