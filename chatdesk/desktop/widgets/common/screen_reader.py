"""What Qt does not tell screen readers by itself: the current row, a field's caret, a menu that opens."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QMenu

from chatdesk.desktop.announce import announce

_TEMPORARY = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""Why a field has lost the keys for a while, and goes on where it was."""


class CurrentRowFocus(QObject):
    """Qt tells of a list alone that it has the keys: after it, its current row tells so too."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and QAccessible.isActive():
            QTimer.singleShot(0, self, self._report_current_row)
        return False

    def _report_current_row(self) -> None:
        view = QAccessible.queryAccessibleInterface(self._view)
        row = view.focusChild() if self._view.hasFocus() else None
        if row is not None:
            event = QAccessibleEvent(self._view, QAccessible.Event.Focus)
            event.setChild(view.indexOfChild(row))
            QAccessible.updateAccessibility(event)


class CaretAtEnd(QObject):
    """Leaves the caret of a field at its end, so that it does not move as the field is entered, and all is selected.

    Qt would tell of that before it tells that the keys are in the field, and Orca 43 then says neither.
    """

    def __init__(self, edit: QLineEdit) -> None:
        super().__init__(edit)
        edit.installEventFilter(self)
        edit.end(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        left = (
            event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent) and event.reason() not in _TEMPORARY
        )
        if left and isinstance(watched, QLineEdit):
            watched.end(False)
        return False


def open_menu(menu: QMenu, point: QPoint) -> None:
    """Open the menu at this point of the screen. No entry is chosen yet, so readers would say nothing of it."""
    if parent := menu.parentWidget():
        announce(parent, f"{menu.accessibleName()} menu")
    menu.popup(point)
