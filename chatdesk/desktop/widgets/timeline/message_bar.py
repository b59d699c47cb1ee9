"""The bar across the top of the message that is pointed at, or that the keys are on: react, reply, pin, more."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.painting import paint_panel, paint_shadow

# Pixels of the design, at 100 percent text.
_BUTTON, _ICON, _PAD = 28, 18, 2
_SHADOW = 8
"""Pixels around the panel in which its shadow is painted."""


class MessageBar(QWidget):
    """Floats over a timeline, as a child of its viewport; the timeline knows which message it is about."""

    accessible_role = Role.ToolBar

    react_requested = Signal()
    reply_requested = Signal()
    pin_requested = Signal()
    menu_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Message actions")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.react = _BarButton(theme, "smile", "React", shortcut="+", side=_BUTTON)
        self.reply = _BarButton(theme, "reply", "Reply", shortcut="R", side=_BUTTON)
        self.pin = _BarButton(theme, "pin", "Pin", shortcut="P", side=_BUTTON)
        self.more = _BarButton(theme, "more", "More", shortcut="", side=_BUTTON)
        layout = QHBoxLayout(self)
        layout.setSpacing(0)
        edge = _SHADOW + _PAD
        layout.setContentsMargins(edge, edge, edge, edge)
        for button, signal in (
            (self.react, self.react_requested),
            (self.reply, self.reply_requested),
            (self.pin, self.pin_requested),
            (self.more, self.menu_requested),
        ):
            button.clicked.connect(signal)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # each has a key, so Tab goes from a message on at once
            layout.addWidget(button)
        self.hide()

    def set_pinned(self, pinned: bool) -> None:
        """Let the third button unpin the message, or pin it."""
        self.pin.set_name("Unpin" if pinned else "Pin", "P")

    def place(self, row: QRect, right: int) -> None:
        """Move it across the top of a row, with its right edge at ``right``, and show it."""
        size: QSize = self.sizeHint()
        top = max(-_SHADOW, row.top() - size.height() // 2)
        self.setGeometry(right - size.width() + _SHADOW, top, size.width(), size.height())
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, radius = self._theme, self._theme.tokens["radius"]["control"]
        panel = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        paint_shadow(painter, panel, radius, theme, "rest")
        paint_panel(painter, panel, radius, theme.color("surface-raised"), theme.color("border"))
        painter.end()


class _BarButton(IconButton):
    def _icon_side(self) -> int:
        return self._theme.px(_ICON)
