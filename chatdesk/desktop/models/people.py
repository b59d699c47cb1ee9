"""The people in the room, sorted: the host, oneself, then by name."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from chatdesk.client.people import MAX_PEOPLE
from chatdesk.protocol.events import User
from chatdesk.protocol.names import nickname_key
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

_KINDS = {"window": "ChatDesk window", "browser": "browser", "phone": "phone", "terminal": "terminal", "bot": "bot"}

Badge = Literal["host", "moderator", "verified", "bot"]


def badge_of(person: User) -> Badge | None:
    """Return what stands beside a person's name; nobody can have it by writing it into the name."""
    if person.host or person.role == "moderator":
        return "host" if person.host else "moderator"
    return "bot" if person.client == "bot" else "verified" if person.verified else None


_Index = QModelIndex | QPersistentModelIndex
_folded = lru_cache(maxsize=MAX_PEOPLE)(fold)


class _Entry(NamedTuple):
    """A person behind the keys by which the list is sorted."""

    guest: bool
    other: bool
    name_key: str
    nickname: str
    person: User


class PeopleModel(QAbstractListModel):
    """Rows of ``User``: everybody who is listed, those of them whose name contains the filter, or those found.

    ``filter_changed`` is emitted after other people are shown than before.
    """

    filter_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_mine: Callable[[User], bool] = lambda _person: False
        self._sort_key: Callable[[str], str] = str.casefold
        self._people: dict[str, _Entry] = {}
        self._sorted: list[_Entry] = []
        self._rows: list[_Entry] = self._sorted
        self._filter = ""
        self._found: list[_Entry] | None = None
        self._online = True

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        if role == PERSON:
            return entry.person
        if role == PRESENCE:
            return self._presence(entry.person)
        if role == OWN:
            return not entry.other
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.nickname
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._accessible_text(entry)
        return None

    def set_people(self, people: Iterable[User], is_mine: Callable[[User], bool], *, complete: bool = True) -> None:
        """Set all people; ``is_mine`` tells who is oneself.

        A list that is not ``complete`` stays in the server's order, so that further pages go behind it.
        """
        self.beginResetModel()
        self._is_mine = is_mine
        self._sort_key = str.casefold if complete else nickname_key
        self._people = {person.nickname: self._entry(person) for person in people}
        self._sorted = sorted(self._people.values())
        self._rows = self._filtered()
        self.endResetModel()

    def apply_changes(self, joined: Collection[User], left: Collection[str]) -> None:
        """Add and remove people; one who is here already is not added twice."""
        leaving = {nickname for nickname in left if nickname in self._people}
        joining = {p.nickname: p for p in joined if p.nickname not in self._people or p.nickname in leaving}
        if len(joining) + len(leaving) > _MAX_SINGLE_CHANGES or self._filter:
            self._apply_many(joining.values(), leaving)
            return
        for nickname in leaving:
            self._remove(self._people[nickname])
        for person in joining.values():
            self._add(self._entry(person))

    def set_filter(self, text: str) -> None:
        """Show only people whose name contains this text; those found for another text are no longer shown."""
        folded = fold(text).strip()
        if folded != self._filter:
            self.beginResetModel()
            self._filter, self._found = folded, None
            self._rows = self._filtered()
            self.endResetModel()
            self.filter_changed.emit()

    def set_found(self, people: Sequence[User]) -> None:
        """Show who was found for the filter, in this order; further ones of the same search are appended."""
        known = [entry.person for entry in self._found or ()]
        found = [self._entry(person) for person in people]
        if self._found is None or known != list(people[: len(known)]):
            self.beginResetModel()
            self._found = self._rows = found
            self.endResetModel()
        elif added := found[len(known) :]:
            self.beginInsertRows(QModelIndex(), len(known), len(found) - 1)
            self._found += added
            self.endInsertRows()

    def set_online(self, reachable: bool) -> None:
        """Set whether there is a connection; without one, everybody is shown as offline."""
        if reachable != self._online:
            self._online = reachable
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _filtered(self) -> list[_Entry]:
        if self._found is not None:
            return self._found
        if not self._filter:
            return self._sorted
        return [entry for entry in self._sorted if self._filter in _folded(entry.nickname)]

    def _apply_many(self, joining: Iterable[User], leaving: Collection[str]) -> None:
        resets = self._found is None
        if resets:
            self.beginResetModel()
        for nickname in leaving:
            del self._people[nickname]
        entries = [self._entry(person) for person in joining]
        self._people.update((entry.nickname, entry) for entry in entries)
        kept = [entry for entry in self._sorted if entry.nickname not in leaving] if leaving else self._sorted
        self._sorted = sorted([*kept, *sorted(entries)])  # sorting two sorted runs is linear
        if resets:
            self._rows = self._filtered()
            self.endResetModel()

    def _add(self, entry: _Entry) -> None:
        position = bisect_left(self._sorted, entry)
        self.beginInsertRows(QModelIndex(), position, position)
        self._people[entry.nickname] = entry
        self._sorted.insert(position, entry)
        self.endInsertRows()

    def _remove(self, entry: _Entry) -> None:
        position = bisect_left(self._sorted, entry)
        self.beginRemoveRows(QModelIndex(), position, position)
        del self._people[entry.nickname], self._sorted[position]
        self.endRemoveRows()

    def _entry(self, person: User) -> _Entry:
        nickname = person.nickname
        return _Entry(not person.host, not self._is_mine(person), self._sort_key(nickname), nickname, person)

    def _presence(self, person: User) -> str:
        if not self._online:
            return "offline"
        return person.status if person.status in ("away", "busy", "offline") else "online"

    def _accessible_text(self, entry: _Entry) -> str:
        person = entry.person
        parts = [isolated(person.nickname), self._presence(person), *filter(None, [isolated(person.status_text)])]
        if not entry.other:
            parts.append("you")
        parts.append(badge_of(person) or _KINDS[person.client])
        parts += ["muted"] if person.muted else []
        return ", ".join(parts)
