"""The rows of the list of rooms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from chatdesk.client.room_list import RoomSummary
from chatdesk.desktop.text import pluralized
from chatdesk.protocol.text import isolated

ROOM_ROW = Qt.ItemDataRole.UserRole
"""The role for the ``Row`` itself."""

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room; ``shown`` is the one whose messages are on the screen, ``draft`` tells that something unsent waits.

    ``presence`` is that of the other person of a private conversation, None where it is not known.
    """

    room: RoomSummary
    shown: bool = False
    draft: bool = False
    presence: str | None = None

    @property
    def is_unread(self) -> bool:
        """Whether it asks for the person's attention."""
        return self.room.counts and self.room.unread > 0


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """Shows or hides the archived rooms, which follow it while it is ``open``."""

    count: int
    open: bool


@dataclass(frozen=True, slots=True)
class MoreRow:
    """Loads further rooms, which the server has."""


Row = RoomRow | ArchiveRow | MoreRow
_MORE = "\n"
"""The key of the row that loads more: no room is called so."""


class RoomsModel(QAbstractListModel):
    """The rooms for everybody, those that are archived in a fold; or, with ``private``, the private conversations.

    ``length_changed`` is emitted when there are more or fewer rows.
    """

    length_changed = Signal()

    def __init__(self, *, private: bool = False) -> None:
        super().__init__()
        self._private = private
        self._rooms: Sequence[RoomSummary] = ()
        self._shown = ""
        self._presence: Mapping[str, str] = {}
        self._presence_of_others: str | None = None
        self._has_draft: Callable[[str], bool] = lambda _room: False
        self._more = False
        self._unfolded = False
        self._rows: list[Row] = []

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROOM_ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return words_of(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _accessible_text(row)
        return None

    def row(self, position: int) -> Row:
        """Return what is in a row."""
        return self._rows[position]

    def position_of(self, key: str) -> int | None:
        """Return where a room is, or with an empty name the fold; None if it is not there."""
        return next((position for position, row in enumerate(self._rows) if key_of(row) == key), None)

    def set_rooms(
        self, rooms: Sequence[RoomSummary], shown: str, has_draft: Callable[[str], bool], *, more: bool = False
    ) -> None:
        """Show those of these rooms that belong here; rows that stay the same are not drawn again.

        ``more``: the server has further ones.
        """
        self._rooms = [room for room in rooms if bool(room.partner) is self._private]
        self._shown, self._has_draft, self._more = shown, has_draft, more and not self._private
        self._update()

    def set_presence(self, presence: Mapping[str, str], others: str | None) -> None:
        """Set who of the others is there, by author, and what holds for all who are not in it; None: not known."""
        self._presence, self._presence_of_others = presence, others
        self._update()

    def toggle_archive(self) -> None:
        """Show the archived rooms, or hide them; one that is on the screen stays."""
        self._unfolded = not self._unfolded
        self._update()

    def _update(self) -> None:
        rows, before = self._made_rows(), self._rows
        if list(map(key_of, rows)) == list(map(key_of, before)):
            self._rows = rows
            for position, (row, old) in enumerate(zip(rows, before, strict=True)):
                if row != old:
                    self.dataChanged.emit(self.index(position), self.index(position))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        if len(rows) != len(before):
            self.length_changed.emit()

    def _made_rows(self) -> list[Row]:
        if self._private:
            return [self._room_row(room) for room in self._rooms]
        rows: list[Row] = [self._room_row(room) for room in self._rooms if not room.archived]
        if self._more:
            rows.append(MoreRow())
        if archived := [room for room in self._rooms if room.archived]:
            is_open = self._unfolded or any(room.name == self._shown for room in archived)
            rows.append(ArchiveRow(len(archived), is_open))
            rows += [self._room_row(room) for room in archived] if is_open else []
        return rows

    def _room_row(self, room: RoomSummary) -> RoomRow:
        shown = room.name == self._shown
        draft = not shown and not room.unread and self._has_draft(room.name)
        presence = self._presence.get(room.partner.author, self._presence_of_others) if room.partner else None
        return RoomRow(room, shown, draft, presence)


def key_of(row: Row) -> str:
    """Return what a row keeps while it changes: the room's name; empty for the fold."""
    return row.room.name if isinstance(row, RoomRow) else _MORE if isinstance(row, MoreRow) else ""


def words_of(row: Row) -> str:
    """Return what a row is called."""
    if isinstance(row, RoomRow):
        return row.room.title
    return "More rooms" if isinstance(row, MoreRow) else "Archived"


def _accessible_text(row: Row) -> str:
    """Return ``code-help, 12 unread, 2 mention you``."""
    if isinstance(row, MoreRow):
        return words_of(row)
    if isinstance(row, ArchiveRow):
        return f"Archived, {pluralized(row.count, 'room', 'rooms')}, {'shown' if row.open else 'hidden'}"
    room = row.room
    facts = (
        ("private", room.partner),
        (str(row.presence), row.presence),
        ("shown", row.shown),
        (f"{room.unread} unread", room.joined and room.unread),
        (pluralized(room.mentions, "mentions you", "mention you"), room.joined and room.mentions and not room.partner),
        ("muted", room.level == "nothing"),
        ("archived", room.archived),
        ("locked", room.closed or "locked" in room.entry),
        ("with a password", "password" in room.entry),
        ("not entered yet", not room.joined),
        ("with a draft", row.draft),
    )
    return ", ".join([isolated(room.title), *(words for words, holds in facts if holds)])
