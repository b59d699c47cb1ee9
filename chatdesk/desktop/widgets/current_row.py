"""Which row the keys are on, said as they come into a list: Qt tells readers of the list alone."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QAbstractItemView


class CurrentRow(QObject):
    """Watches a view: when that has told that it has the keys, its current row tells so too."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and QAccessible.isActive():
            QTimer.singleShot(0, self, self._tell)
        return False

    def _tell(self) -> None:
        view = QAccessible.queryAccessibleInterface(self._view)
        row = view.focusChild() if self._view.hasFocus() else None
        if row is not None:
            event = QAccessibleEvent(self._view, QAccessible.Event.Focus)
            event.setChild(view.indexOfChild(row))
            QAccessible.updateAccessibility(event)
