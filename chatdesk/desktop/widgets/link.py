"""A button that is a few underlined words at the end of a sentence."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.button import Button, Look

_SIDE = 3
_WEIGHT = 500


class Link(Button):
    """As high as what a pointer must hit, in the colour of a link or of the words before it."""

    def __init__(self, theme: Theme, text: str, role: str = "link") -> None:
        super().__init__(theme, text, Look(None, "raised-hover", role, weight=_WEIGHT))

    def sizeHint(self) -> QSize:
        hit = self._theme.tokens["size"]["hit"]["pointer"]
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2 * _SIDE, self._theme.px(hit))

    def _paint_content(self, painter: QPainter, ink: QColor) -> None:
        font = self.font()
        font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())
