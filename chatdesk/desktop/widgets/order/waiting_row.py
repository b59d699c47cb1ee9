"""Somebody who waits to come in, with the two answers; and the gap that they leave for a moment."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.text import pluralized
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.avatar import Avatar
from chatdesk.desktop.widgets.common.button import PRIMARY, SOFT, Button, ButtonLook
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.protocol.admission_events import Waiter
from chatdesk.protocol.text import isolated

# Pixels of the design, at 100 percent text.
_HEIGHT, _AVATAR, _SIDE, _GAP = 56, 36, 16, 12
_REFUSING = ButtonLook(None, "surface-hover", "text-muted")
_KINDS = {"window": "Window", "browser": "Browser", "phone": "Phone", "terminal": "Terminal", "bot": "Bot"}


class WaitingRow(QWidget):
    """Emits ``accepted`` and ``refused``; with the focus on it, A and X do the same. Up and Down go to the next row."""

    accessible_role = Role.ListItem

    accepted = Signal()
    refused = Signal()

    def __init__(self, theme: Theme, waiter: Waiter) -> None:
        super().__init__()
        self._theme = theme
        self.author = waiter.author
        self.gone = False
        self._avatar = Avatar(theme, _AVATAR, waiter.nickname)
        self._name = Label(theme, weight=500, elide=True)
        self._about = Label(theme, font="label", weight=400, role="text-muted", elide=True)
        self.refuse_button = Button(theme, "Turn away", _REFUSING)
        self.accept_button = Button(theme, "Let in", SOFT)
        self.accept_button.clicked.connect(self.accepted)
        self.refuse_button.clicked.connect(self.refused)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addWidget(self._about)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, 0, _SIDE, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._avatar)
        row.addLayout(words, 1)
        row.addWidget(self.refuse_button)
        row.addWidget(self.accept_button)
        row.setSpacing(_GAP)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()
        self.show_waiter(waiter)

    def show_waiter(self, waiter: Waiter) -> None:
        """Show how the person is called now, and for how long they have waited."""
        kind = _KINDS.get(waiter.client, "Browser")
        about = f"{kind}, connection lost" if waiter.lost else f"{kind}, {waited(waiter.waited)}"
        self._avatar.set_person(waiter.nickname, waiter.author)
        self._name.set_text(waiter.nickname)
        self._about.set_text(about)
        self.setAccessibleName(f"{isolated(waiter.nickname)}, {about}")
        self.accept_button.setAccessibleName(f"Let {isolated(waiter.nickname)} in")
        self.refuse_button.setAccessibleName(f"Turn {isolated(waiter.nickname)} away")

    def leave_gap(self) -> None:
        """Show nothing in the same place: what is below must not move under the pointer."""
        self.gone = True
        for part in (self._avatar, self._name, self._about, self.refuse_button, self.accept_button):
            part.hide()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Decide by one key."""
        if event.key() == Qt.Key.Key_A and not event.modifiers():
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_X and not event.modifiers():
            self.refused.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._set_lit(True)

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
        painter, theme = QPainter(self), self._theme
        if not self.gone and (self.underMouse() or self.hasFocus()):
            painter.fillRect(self.rect(), theme.color("row-hover"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.color("border"))
        painter.end()

    def _set_lit(self, lit: bool) -> None:
        self.accept_button.set_look(PRIMARY if lit else SOFT)
        self.update()

    def _apply_theme(self) -> None:
        self.setFixedHeight(self._theme.px(_HEIGHT) + 1)


def waited(seconds: int) -> str:
    """Return for how long somebody has waited, in words."""
    if seconds < 10:
        return "just now"
    if seconds < 60:
        return f"waits {seconds} s"
    return f"waits {pluralized(seconds // 60, 'min', 'min')}"
