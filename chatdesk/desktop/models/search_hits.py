"""The hits of a search, newest first."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from chatdesk.desktop.date_format import format_short_day, format_time
from chatdesk.protocol.events import Hit, local_time
from chatdesk.protocol.text import isolated

HIT = Qt.ItemDataRole.UserRole
"""The role for the ``Hit`` itself."""

_Index = QModelIndex | QPersistentModelIndex


class SearchHitsModel(QAbstractListModel):
    """Rows of ``Hit``. More hits of the same search are appended; another search resets the model."""

    def __init__(self) -> None:
        super().__init__()
        self._query = ""
        self._hits: list[Hit] = []

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._hits)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        hit = self._hits[index.row()]
        if role == HIT:
            return hit
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{isolated(hit.message.nickname)}, {format_hit_time(hit)}: {''.join(hit.parts)}"
        return None

    def hit(self, position: int) -> Hit:
        """Return the hit in a row."""
        return self._hits[position]

    def set_hits(self, query: str, hits: Sequence[Hit]) -> None:
        """Set all hits found so far for a query."""
        known = len(self._hits)
        if query == self._query and self._hits == list(hits[:known]):
            self._append(hits[known:])
            return
        self.beginResetModel()
        self._query, self._hits = query, list(hits)
        self.endResetModel()

    def refresh_times(self) -> None:
        """Update all texts with dates and times."""
        if self._hits:
            self.dataChanged.emit(self.index(0), self.index(len(self._hits) - 1))

    def _append(self, hits: Sequence[Hit]) -> None:
        if hits:
            known = len(self._hits)
            self.beginInsertRows(QModelIndex(), known, known + len(hits) - 1)
            self._hits += hits
            self.endInsertRows()


def format_hit_time(hit: Hit) -> str:
    """Return when a hit was written: ``Mon 23 Nov, 10:24``; today only the time."""
    moment = local_time(hit.message.timestamp)
    if moment is None:
        return ""
    day = format_short_day(moment.date(), date.today())
    return f"{day}, {format_time(moment)}" if day else format_time(moment)
