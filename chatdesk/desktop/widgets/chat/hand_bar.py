"""The bar above the composer: one's raised hand with its place, or that one is called."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import Button, ButtonLook
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.protocol.text import isolated

# Pixels of the design, at 100 percent text.
_HEIGHT, _SIDE, _GAP, _END = 48, 15, 12, 6
_UP, _CALLED = ("accent-soft", "accent-soft-text"), ("mention", "mention-text")
"""Colour roles of the bar and of what stands on it."""


class HandBar(QWidget):
    """Hidden while the hand is down. ``lowered``: the person lowers it; ``thanked``: they have seen the call."""

    accessible_role = Role.Grouping

    lowered = Signal()
    thanked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._called = theme, False
        self._icon = Icon(theme, "hand", _UP[1])
        self._words = Label(theme, role=_UP[1], wrap=True)
        self.button = Button(theme, "Lower", _look(_UP[1]))
        self.button.clicked.connect(self._pressed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE, 0, _END, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()
        self.hide()

    def show_hand(self, place: int, called_by: str) -> None:
        """Show the ``place`` of the hand, from 1 (0: it is down), or who has called the person."""
        words = f"{isolated(called_by)} calls you" if called_by else place_words(place) if place else ""
        if words == self._words.text():
            return
        had_focus = self.button.hasFocus()
        self._called = bool(called_by)
        ink = (_CALLED if called_by else _UP)[1]
        self._words.set_text(words, words if called_by else "Your hand is up.")
        self._words.set_role(ink)
        self._icon.set_icon("hand", ink)
        self.button.setText("Thanks" if called_by else "Lower")
        self.button.setAccessibleName("Thanks" if called_by else "Lower your hand")
        self.button.set_look(_look(ink))
        self.setAccessibleName(words)
        if had_focus and not words:
            self.focusNextChild()
        self.setVisible(bool(words))
        if words:
            announce(self, words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        ground, ink = _CALLED if self._called else _UP
        edge = theme.color(ink) if theme.high_contrast else None
        paint_panel(painter, QRectF(self.rect()), theme.tokens["radius"]["composer"], theme.color(ground), edge)
        painter.end()

    def _pressed(self) -> None:
        (self.thanked if self._called else self.lowered).emit()

    def _apply_theme(self) -> None:
        self.setMinimumHeight(self._theme.px(_HEIGHT))


def place_words(place: int) -> str:
    """Return the place of a raised hand, in words."""
    before = "You are next" if place == 1 else "One before you" if place == 2 else f"{place - 1} before you"
    return f"Your hand is up. {before}"


def _look(ink: str) -> ButtonLook:
    return ButtonLook(None, "surface-hover", ink, weight=SEMIBOLD)
