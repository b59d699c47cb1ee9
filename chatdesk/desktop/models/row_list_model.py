"""A list model of timeline rows, which notifies its views of changes."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from chatdesk.desktop.date_format import format_day
from chatdesk.desktop.models.rows import DaySeparator, MessageRow, PresenceRow, Row, UnreadSeparator, UnsentRow
from chatdesk.protocol.emoji import find
from chatdesk.protocol.text import isolated

ROW = Qt.ItemDataRole.UserRole
"""The role for the ``Row`` itself."""
GROUP_HEADER = ROW + 1
"""The role of what stands above a message's text; it changes when the message begins a group, or no longer does."""

_Index = QModelIndex | QPersistentModelIndex


class RowListModel(QAbstractListModel):
    """Rows of a timeline; a subclass decides which."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return accessible_text(row)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return accessible_description(row)
        return None

    def row(self, index: int) -> Row:
        """Return the row at a position."""
        return self._rows[index]

    def position_of(self, seq: int) -> int | None:
        """Return the position of the message with a sequence number; None if it is not loaded."""
        positions = (
            position
            for position, row in enumerate(self._rows)
            if isinstance(row, MessageRow) and row.message.seq == seq
        )
        return next(positions, None)

    def _insert(self, position: int, rows: Sequence[Row]) -> None:
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), position, position + len(rows) - 1)
        self._rows[position:position] = rows
        self.endInsertRows()

    def _remove(self, position: int, count: int) -> None:
        if not count:
            return
        self.beginRemoveRows(QModelIndex(), position, position + count - 1)
        del self._rows[position : position + count]
        self.endRemoveRows()

    def _replace(self, position: int, row: Row, roles: Sequence[int] = ()) -> None:
        self._rows[position] = row
        self.dataChanged.emit(self.index(position), self.index(position), roles)

    def _replace_several(self, rows: Mapping[int, Row]) -> None:
        """Replace rows by position, and tell views at once: each change costs them a look at all other rows."""
        for position, row in rows.items():
            self._rows[position] = row
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))


def accessible_text(row: Row) -> str:
    """Return a row's text for screen readers."""
    match row:
        case MessageRow():
            return row.removal or _message_text(row)
        case UnsentRow(entry=entry):
            return f"{'Not sent' if row.failed else entry.waits or 'Sending'}: {entry.content}"
        case PresenceRow() | UnreadSeparator():
            return row.sentence
        case DaySeparator(day=day):
            return format_day(day, day.today())


def _message_text(row: MessageRow) -> str:
    """Return ``Kit, bot, 10:24, edited 10:30, answers Mara: words. 6 👍, yours too. Read by 24``."""
    said, answered = row.message, row.quoted
    about = [isolated(said.nickname), row.badge, row.time, f"edited {row.edited}" if row.edited else ""]
    about.append(f"answers {isolated(answered.nickname or answered.words)}" if answered else "")
    about.append("pinned" if said.pinned else "")
    reactions = [
        f"{found.count} {_name(found.emoji)}{', yours too' if found.emoji in row.own_reactions else ''}"
        for found in said.reactions
    ]
    read = [f"Read by {row.readers}"] if row.readers else []
    return ". ".join([f"{', '.join(filter(None, about))}: {row.plain_text}", *reactions, *read])


def _name(emoji: str) -> str:
    known = find(emoji)
    return known.name if known else emoji


def accessible_description(row: Row) -> str:
    """Return a row's description for screen readers: why a message was refused, and the keys for its actions."""
    if not isinstance(row, UnsentRow) or not row.failed:
        return ""
    return f"{isolated(row.entry.error or '')} Enter sends it again, F2 edits it, Delete discards it."
