"""The people in the room, in the order of the list: the host, oneself, then by name."""

from bisect import bisect_left
from collections.abc import Collection, Iterable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from chatdesk.protocol.events import User

PERSON = Qt.ItemDataRole.UserRole
"""The role under which a view gets the ``User`` itself."""

PRESENCE = PERSON + 1
"""The role of how reachable somebody is: "online", "away", "busy" or "offline"."""

OWN = PRESENCE + 1
"""The role of whether it is oneself."""

_ONE_BY_ONE = 40
"""More changes than this at once, and the list is made anew: that is quicker, and nobody could follow anyway."""

_KINDS = {"window": "ChatDesk window", "browser": "browser", "phone": "phone", "terminal": "terminal"}

_Index = QModelIndex | QPersistentModelIndex
_Key = tuple[bool, bool, str, str]


class PeopleModel(QAbstractListModel):
    """Rows of ``User``."""

    def __init__(self) -> None:
        super().__init__()
        self._own_name = ""
        self._keys: list[_Key] = []
        self._people: list[User] = []
        self._reachable = True

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._people)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        person = self._people[index.row()]
        if role == PERSON:
            return person
        if role == PRESENCE:
            return self._presence(person)
        if role == OWN:
            return person.nickname == self._own_name
        if role == Qt.ItemDataRole.DisplayRole:
            return person.nickname
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(person)
        return None

    def show(self, people: Iterable[User], own_name: str) -> None:
        """Show these and no others."""
        self.beginResetModel()
        self._own_name = own_name
        keyed = sorted((self._key(person), person) for person in people)
        self._keys = [key for key, _ in keyed]
        self._people = [person for _, person in keyed]
        self.endResetModel()

    def change(self, joined: Collection[User], left: Collection[str]) -> None:
        """Show who came, and no longer who went."""
        if len(joined) + len(left) > _ONE_BY_ONE:
            gone = set(left)
            self.show([*(p for p in self._people if p.nickname not in gone), *joined], self._own_name)
            return
        for nickname in left:
            self._remove(nickname)
        for person in joined:
            self._add(person)

    def set_reachable(self, reachable: bool) -> None:
        """Say whether there is a connection: without one nobody is online for us."""
        if reachable != self._reachable:
            self._reachable = reachable
            if self._people:
                self.dataChanged.emit(self.index(0), self.index(len(self._people) - 1))

    def _add(self, person: User) -> None:
        key = self._key(person)
        place = bisect_left(self._keys, key)
        self.beginInsertRows(QModelIndex(), place, place)
        self._keys.insert(place, key)
        self._people.insert(place, person)
        self.endInsertRows()

    def _remove(self, nickname: str) -> None:
        place = next((place for place, person in enumerate(self._people) if person.nickname == nickname), None)
        if place is None:
            return
        self.beginRemoveRows(QModelIndex(), place, place)
        del self._keys[place], self._people[place]
        self.endRemoveRows()

    def _key(self, person: User) -> _Key:
        return (not person.host, person.nickname != self._own_name, person.nickname.casefold(), person.nickname)

    def _presence(self, person: User) -> str:
        if not self._reachable:
            return "offline"
        return person.status if person.status in ("away", "busy", "offline") else "online"

    def _spoken(self, person: User) -> str:
        parts = [person.nickname, self._presence(person)]
        if person.nickname == self._own_name:
            parts.append("you")
        parts.append("host" if person.host else _KINDS[person.client])
        return ", ".join(parts)
