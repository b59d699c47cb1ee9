"""The rows of the switcher."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from chatdesk.client.switcher import SwitcherRow
from chatdesk.desktop.text import pluralized
from chatdesk.protocol.text import isolated

_Index = QModelIndex | QPersistentModelIndex


class SwitcherModel(QAbstractListModel):
    """Rows of ``SwitcherRow``."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[SwitcherRow] = ()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _accessible_text(row)
        return None

    @property
    def rows(self) -> Sequence[SwitcherRow]:
        """All rows."""
        return self._rows

    def position_of(self, row: SwitcherRow) -> int:
        """Return where the row of the same target is; the first one if it is not there any more."""
        targets = [(other.kind, other.target) for other in self._rows]
        return targets.index((row.kind, row.target)) if (row.kind, row.target) in targets else 0

    def row(self, position: int) -> SwitcherRow:
        """Return what is in a row."""
        return self._rows[position]

    def set_rows(self, rows: Sequence[SwitcherRow]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


def _accessible_text(row: SwitcherRow) -> str:
    parts = [f"{row.heading}: {isolated(row.title)}" if row.heading else isolated(row.title), isolated(row.detail)]
    parts.append(f"{row.unread} unread" if row.unread else "")
    parts.append(pluralized(row.mentions, "mentions you", "mention you") if row.mentions else "")
    return ", ".join(filter(None, parts))
