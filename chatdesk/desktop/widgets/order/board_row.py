"""Rows of the board: something with two answers, and the gap that it leaves for a moment."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QWidget

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, SOFT, Button, ButtonLook
from chatdesk.desktop.widgets.common.painting import paint_panel

# Pixels of the design, at 100 percent text.
_SIDE, _GAP, _RADIUS = 16, 12, 11
_REFUSING = ButtonLook(None, "surface-hover", "text-muted")


class FocusRow(QWidget):
    """A row of a list that takes the focus; Up and Down go to the one above and below."""

    accessible_role = Role.ListItem

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.gone = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another row."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        above = self.parentWidget()
        rows = [row for row in above.findChildren(FocusRow) if not row.gone] if above and step else []
        place = rows.index(self) + (step or 0) if self in rows else -1
        if 0 <= place < len(rows):
            rows[place].setFocus(Qt.FocusReason.TabFocusReason)
        elif not step:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._set_lit(True)
        scrolled = next((area for area in self.window().findChildren(QScrollArea) if area.isAncestorOf(self)), None)
        if scrolled:
            scrolled.ensureWidgetVisible(self, 0, _SIDE)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._set_lit(self.underMouse())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._set_lit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_lit(self.hasFocus())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, rect = QPainter(self), self._theme, QRectF(self.rect())
        above = self.parentWidget()
        is_last = above is not None and self.geometry().bottom() >= above.height() - 2
        if not self.gone and (self.underMouse() or self.hasFocus()):
            corners = rect.adjusted(0, -_RADIUS, 0, 0) if is_last else rect.adjusted(0, -_RADIUS, 0, _RADIUS)
            paint_panel(painter, corners, _RADIUS, theme.color("row-hover"))
        if not is_last:  # the card's own edge is there
            painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.color("border"))
        painter.end()

    def _set_lit(self, _lit: bool) -> None:
        self.update()


class BoardRow(FocusRow):
    """Emits ``accepted`` and ``refused``; with the focus on it, A and X do the same."""

    accepted = Signal()
    refused = Signal()

    def __init__(self, theme: Theme, parts: tuple[QWidget, ...], words: QLayout, refuse: str, accept: str) -> None:
        super().__init__(theme)
        self.refuse_button = Button(theme, refuse, _REFUSING)
        self.accept_button = Button(theme, accept, SOFT)
        self.accept_button.clicked.connect(self.accepted)
        self.refuse_button.clicked.connect(self.refused)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, 8, _SIDE, 9)
        row.setSpacing(_GAP)
        for part in parts:
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self.refuse_button)
        row.addWidget(self.accept_button)

    def leave_gap(self) -> None:
        """Show nothing in the same place: what is below must not move under the pointer."""
        self.gone = True
        self.setFixedHeight(self.height())
        for part in self.findChildren(QWidget):
            part.hide()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Decide by one key."""
        decided = {Qt.Key.Key_A: self.accepted, Qt.Key.Key_X: self.refused}.get(Qt.Key(event.key()))
        if decided and not event.modifiers():
            decided.emit()
        else:
            super().keyPressEvent(event)

    def _set_lit(self, lit: bool) -> None:
        self.accept_button.set_look(PRIMARY if lit else SOFT)
        super()._set_lit(lit)
