"""A floating card that takes the focus while it is open, and gives it back."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.widgets.common.floating_card import FloatingCard


class Popover(FloatingCard):
    """Escape and a press outside close it; a press on its anchor is the anchor's."""

    accessible_role = Role.Dialog
    _focused_before: QWidget | None = None

    def open_with_focus(self, anchor: QWidget, part: QRect | None, first: QWidget) -> None:
        """Open above ``anchor``, or a part of it, with the focus on ``first``."""
        if not self.isVisible():
            self._focused_before = QApplication.focusWidget()
        self.open_above(anchor, part)
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # widgets have one

    def close_card(self) -> None:
        """Close; the focus goes back to where it was."""
        if not self.isVisible():
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]  # widgets have one
        has_focus = self.isAncestorOf(focused) if (focused := QApplication.focusWidget()) else False
        super().close_card()
        if has_focus and self._focused_before:
            self._focused_before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focused_before = None

    def step_back(self) -> None:
        """Escape was pressed; a subclass may have something to leave before it closes."""
        self.close_card()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves from wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress and self.isVisible():
            inside = self.card.contains(self.mapFromGlobal(event.globalPosition().toPoint()))
            if not inside and isinstance(watched, QWidget) and watched is not self._anchor:
                self.close_card()
            return False
        return super().eventFilter(watched, event)
