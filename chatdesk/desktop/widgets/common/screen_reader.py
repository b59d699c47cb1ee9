"""What Qt does not tell screen readers by itself: the current row, a field's caret, a menu that opens."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QMenu

from chatdesk.desktop.accessibility.announce import announce

_TEMPORARY = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""Reasons for which a field loses the focus for a while, and keeps its caret."""


class CurrentRowFocus(QObject):
    """Reports the focus of a list's current row once the list gets the focus; Qt reports only that of the list."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and QAccessible.isActive():
            QTimer.singleShot(0, self, self._report_current_row)
        return False

    def _report_current_row(self) -> None:
        if self._view.hasFocus():
            report_current_row(self._view)


def report_current_row(view: QAbstractItemView) -> None:
    """Tell screen readers that a list's current row has the focus, also while a field keeps the keyboard's."""
    if not QAccessible.isActive():
        return
    described = QAccessible.queryAccessibleInterface(view)
    row = described.focusChild()
    if row is not None:
        event = QAccessibleEvent(view, QAccessible.Event.Focus)
        event.setChild(described.indexOfChild(row))
        QAccessible.updateAccessibility(event)


class CaretAtEnd(QObject):
    """Moves the caret of a field to its end when the field loses the focus, so that it does not move on the next focus.

    Entering a field by keys selects its text. Qt reports the caret's move before the focus, and Orca 43 then reads
    neither.
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
    """Open the menu at a point of the screen, and announce it: without a chosen entry, screen readers say nothing."""
    if parent := menu.parentWidget():
        announce(parent, f"{menu.accessibleName()} menu")
    menu.popup(point)
