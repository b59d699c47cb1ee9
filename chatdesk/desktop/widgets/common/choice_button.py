"""A button that shows what is chosen, over its whole width, and opens the choice."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QSizePolicy

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import SECONDARY, Button
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width
from chatdesk.desktop.widgets.common.tooltip import set_tooltip

# Pixels of the design, at 100 percent text.
_MIN_WIDTH, _HEIGHT, _SIDE, _ICON, _GAP = 110, 40, 12, 16, 9


class ChoiceButton(Button):
    """``name`` says what is chosen. Where there is nothing to choose it is only a text."""

    def __init__(self, theme: Theme, name: str) -> None:
        self._name = name
        self._picture, self._words, self._details, self._opens = "", "", "", False
        super().__init__(theme, "", SECONDARY)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_choice(self, picture: str, words: str, details: str = "", *, opens: bool = True) -> None:
        """Show what is chosen: an icon, words, and details behind them; ``opens``: there is more to choose from."""
        self._picture, self._words, self._details, self._opens = picture, words, details, opens
        description = f"{words} {details}".strip()
        self.setAccessibleName(f"{self._name}: {description}")
        set_tooltip(self, description)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not opens)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if opens else Qt.FocusPolicy.NoFocus)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_MIN_WIDTH), self._theme.px(_HEIGHT))

    def _paint_content(self, painter: QPainter, foreground: QColor) -> None:
        if not self._words:
            return
        muted, side = self._theme.color("text-muted"), self._theme.px(_ICON)
        top, right = (self.height() - side) // 2, self.width() - _SIDE
        paint_icon(painter, QRectF(_SIDE, top, side, side), self._picture, muted)
        if self._opens:
            right -= side
            paint_icon(painter, QRectF(right, top, side, side), "chevron-down", muted)
            right -= self._theme.px(_GAP)
        left: float = _SIDE + side + self._theme.px(_GAP)
        left += self._paint_text(painter, self._words, QRectF(left, 0, right - left, self.height()), foreground, 500)
        left += self._theme.px(4)
        self._paint_text(painter, self._details, QRectF(left, 0, right - left, self.height()), muted, 400)

    def _paint_text(self, painter: QPainter, text: str, rect: QRectF, foreground: QColor, weight: int) -> float:
        """Paint one line, elided; returns its width in pixels."""
        font: QFont = self._theme.font("ui", weight)
        shown = elided(text, font, max(0.0, rect.width()))
        painter.setFont(font)
        painter.setPen(foreground)
        paint_line(painter, rect, shown)
        return text_width(shown, font)
