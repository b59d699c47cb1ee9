"""The lamp as a widget; a word beside it says what it means."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.shapes import paint_lamp


class Lamp(QWidget):
    """Lit: this room is open; out, an empty ring: it is not."""

    def __init__(self, theme: Theme, *, large: bool = False) -> None:
        super().__init__()
        self._theme, self._large = theme, large
        self._lit = True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_lit(self, lit: bool) -> None:
        """Light it, or put it out."""
        self._lit = lit
        self.update()

    def sizeHint(self) -> QSize:
        sizes = self._theme.tokens["size"]["lamp"]
        if self._large:
            return QSize(1, 1) * self._theme.px(sizes["coreLarge"] + 2 * sizes["haloLarge"] + 1)
        return QSize(1, 1) * self._theme.px(sizes["core"] + 2 * sizes["halo"])

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = QPointF(self.width() / 2, self.height() / 2)
        paint_lamp(painter, middle, self._theme, lit=self._lit, large=self._large)
        painter.end()
