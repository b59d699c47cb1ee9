"""Keys as one sees them on a keyboard, each in a cap of its own."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.text_painting import text_width

# Pixels of the design, at 100 percent text.
_HEIGHT, _PADDING, _GAP = 20, 6, 4


class KeyCaps(QWidget):
    """Draws the caps; ``role`` is the colour of their edges."""

    def __init__(self, theme: Theme, keys: tuple[str, ...], *, role: str = "border-strong") -> None:
        super().__init__()
        self._theme, self._keys, self._role = theme, keys, role
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(" ".join(keys))
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # keys have an order of their own
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        widths = [self._width(key) for key in self._keys]
        return QSize(round(sum(widths)) + _GAP * (len(widths) - 1) + 1, self._theme.px(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter, left = self._theme, QPainter(self), 0.0
        painter.setFont(theme.font("small"))
        for key in self._keys:
            cap = QRectF(round(left), 0, round(self._width(key)), self.height())
            paint_panel(painter, cap, theme.tokens["radius"]["small"], None, theme.color(self._role))
            painter.setPen(theme.color("text"))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
            left += self._width(key) + _GAP
        painter.end()

    def _width(self, key: str) -> float:
        height = self._theme.px(_HEIGHT)
        return max(height, text_width(key, self._theme.font("small")) + 2 * self._theme.px(_PADDING))
