"""The people in the room, sorted: the host, oneself, then by name."""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from chatdesk.client.people import MOST_PEOPLE
from chatdesk.protocol.events import User
from chatdesk.protocol.search_folding import fold
from chatdesk.protocol.text import isolated

PERSON = Qt.ItemDataRole.UserRole
"""The role for the ``User`` itself."""

PRESENCE = PERSON + 1
"""The role for the presence: "online", "away", "busy" or "offline"."""

OWN = PRESENCE + 1
"""The role for whether it is oneself."""

_MAX_SINGLE_CHANGES = 40
"""With more changes than this at once, the model is reset: that is faster, and nobody could follow them one by one."""

_KINDS = {"window": "ChatDesk window", "browser": "browser", "phone": "phone", "terminal": "terminal"}

_Index = QModelIndex | QPersistentModelIndex
_folded = lru_cache(maxsize=MOST_PEOPLE)(fold)


class _Key(NamedTuple):
    """The sort key."""

    guest: bool
    other: bool
    folded: str
    nickname: str


class PeopleModel(QAbstractListModel):
    """Rows of ``User``: everybody, or those whose name contains the filter in any spelling."""

    def __init__(self) -> None:
        super().__init__()
        self._own_name = ""
        self._people: dict[str, User] = {}
        self._keys: list[_Key] = []
        self._rows: list[_Key] = self._keys
        self._filter = ""
        self._online = True

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        person = self._people[self._rows[index.row()].nickname]
        if role == PERSON:
            return person
        if role == PRESENCE:
            return self._presence(person)
        if role == OWN:
            return person.nickname == self._own_name
        if role == Qt.ItemDataRole.DisplayRole:
            return person.nickname
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._accessible_text(person)
        return None

    def set_people(self, people: Iterable[User], own_name: str) -> None:
        """Set all people."""
        self.beginResetModel()
        self._own_name = own_name
        self._people = {person.nickname: person for person in people}
        self._keys = sorted(map(self._key, self._people.values()))
        self._rows = self._filtered()
        self.endResetModel()

    def apply_changes(self, joined: Collection[User], left: Collection[str]) -> None:
        """Add and remove people; one who is here already is not added twice."""
        leaving_keys = [self._key(self._people[nickname]) for nickname in left if nickname in self._people]
        leaving = set(left)
        joining = {p.nickname: p for p in joined if p.nickname not in self._people or p.nickname in leaving}
        if len(joining) + len(leaving_keys) > _MAX_SINGLE_CHANGES or self._filter:
            self._apply_many(joining, leaving_keys)
            return
        for key in leaving_keys:
            self._remove(key)
        for person in joining.values():
            self._add(person)

    def set_filter(self, text: str) -> None:
        """Show only people whose name contains this text."""
        folded = fold(text).strip()
        if folded != self._filter:
            self.beginResetModel()
            self._filter = folded
            self._rows = self._filtered()
            self.endResetModel()

    def set_online(self, reachable: bool) -> None:
        """Set whether there is a connection; without one, everybody is shown as offline."""
        if reachable != self._online:
            self._online = reachable
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _filtered(self) -> list[_Key]:
        if not self._filter:
            return self._keys
        return [key for key in self._keys if self._filter in _folded(key.nickname)]

    def _apply_many(self, joining: dict[str, User], leaving_keys: Collection[_Key]) -> None:
        self.beginResetModel()
        for key in leaving_keys:
            del self._people[key.nickname]
        self._people |= joining
        left = set(leaving_keys)
        kept = [key for key in self._keys if key not in left] if left else self._keys
        self._keys = sorted([*kept, *sorted(map(self._key, joining.values()))])  # sorting two sorted runs is linear
        self._rows = self._filtered()
        self.endResetModel()

    def _add(self, person: User) -> None:
        key = self._key(person)
        position = bisect_left(self._keys, key)
        self.beginInsertRows(QModelIndex(), position, position)
        self._people[person.nickname] = person
        self._keys.insert(position, key)
        self.endInsertRows()

    def _remove(self, key: _Key) -> None:
        position = bisect_left(self._keys, key)
        self.beginRemoveRows(QModelIndex(), position, position)
        del self._people[key.nickname], self._keys[position]
        self.endRemoveRows()

    def _key(self, person: User) -> _Key:
        nickname = person.nickname
        return _Key(not person.host, nickname != self._own_name, nickname.casefold(), nickname)

    def _presence(self, person: User) -> str:
        if not self._online:
            return "offline"
        return person.status if person.status in ("away", "busy", "offline") else "online"

    def _accessible_text(self, person: User) -> str:
        parts = [isolated(person.nickname), self._presence(person)]
        if person.nickname == self._own_name:
            parts.append("you")
        parts.append("host" if person.host else _KINDS[person.client])
        return ", ".join(parts)
