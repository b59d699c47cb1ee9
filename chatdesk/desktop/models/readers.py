"""Those who have read a message: a row for each, with a name and when they came to it."""

from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from chatdesk.desktop.date_format import format_short_day, format_time
from chatdesk.desktop.text import tooltip_markup
from chatdesk.protocol.room_events import Reader
from chatdesk.protocol.text import isolated
from chatdesk.protocol.times import local_time

READER = Qt.ItemDataRole.UserRole
"""The role for the ``Reader`` itself."""

_Index = QModelIndex | QPersistentModelIndex


class ReadersModel(QAbstractListModel):
    """Readers in the order of the server, or the first few of them."""

    def __init__(self) -> None:
        super().__init__()
        self._readers: tuple[Reader, ...] = ()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._readers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        reader = self._readers[index.row()]
        match role:
            case Qt.ItemDataRole.UserRole:
                return reader
            case Qt.ItemDataRole.DisplayRole:
                return reader.nickname
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(filter(None, (isolated(reader.nickname), moment_of(reader))))
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip_markup(", ".join(filter(None, (reader.nickname, moment_of(reader)))))
        return None

    def set_readers(self, readers: tuple[Reader, ...]) -> None:
        """Show these; more of them go below those that are there."""
        before = self._readers
        if readers[: len(before)] == before:
            if len(readers) > len(before):
                self.beginInsertRows(QModelIndex(), len(before), len(readers) - 1)
                self._readers = readers
                self.endInsertRows()
            return
        self.beginResetModel()
        self._readers = readers
        self.endResetModel()


def time_of(reader: Reader) -> str:
    """Return when somebody came to a message, as a row has room for it: the time, or the day if it was not today."""
    moment = local_time(reader.read_at) if reader.read_at else None
    if moment is None:
        return ""
    return format_short_day(moment.date(), date.today()) or format_time(moment)


def moment_of(reader: Reader) -> str:
    """Return the same with day and time."""
    moment = local_time(reader.read_at) if reader.read_at else None
    if moment is None:
        return ""
    return f"{format_short_day(moment.date(), date.today())} {format_time(moment)}".strip()
