"""The people who are here, or may be back within seconds, by their names and by their public ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chatdesk.server.banned_names import BannedNames
from chatdesk.server.free_names import FreeNames
from chatdesk.server.nickname_reservations import NicknameReservations
from chatdesk.server.person import Person


class Registry:
    """All people, each under one name: ``by_key`` has them by the key of their nickname. See ``FreeNames``."""

    def __init__(
        self,
        reservations: NicknameReservations,
        banned_now: BannedNames,
        has_banned: Callable[[str, str], bool],
    ) -> None:
        self.by_key: dict[str, Person] = {}
        self.free_names = FreeNames(self.by_key, reservations, banned_now, has_banned)
        self._by_author: dict[str, Person] = {}
        self._hosts: dict[str, Person] = {}
        """The host, for a moment perhaps under two nicknames; to look through all people for them takes long."""

    @property
    def host_nickname(self) -> str:
        """The host's nickname; empty if the host has not joined."""
        return next((person.nickname for person in self._hosts.values()), "")

    def of_author(self, author: str) -> Person | None:
        """The person with this public id."""
        return self._by_author.get(author)

    def add(self, person: Person) -> None:
        """Somebody is here, or is here with one more session; of somebody unseen nobody knows."""
        if person.unseen:
            return
        self.by_key[person.key] = self._by_author[person.author] = person
        self.free_names.came(person.nickname)
        if person.host:
            self._hosts[person.key] = person

    def rename(self, person: Person, nickname: str, key: str) -> None:
        """Somebody has another nickname, with this key."""
        self.by_key[key] = self.by_key.pop(person.key)
        self.free_names.renamed(person.nickname, nickname)
        if self._hosts.pop(person.key, None):
            self._hosts[key] = person
        person.nickname, person.key = nickname, key
        person.has_changed()

    def remove(self, person: Person, others: Iterable[Person]) -> None:
        """Somebody has gone, unless another person has the name already; ``others`` are theirs under other names."""
        if self.by_key.get(person.key) is not person:
            return
        del self.by_key[person.key]
        self.free_names.went(person.nickname)
        self._hosts.pop(person.key, None)
        if self._by_author.get(person.author) is person:
            del self._by_author[person.author]
            self._by_author.update((other.author, other) for other in others)
