"""The lamp: lit while a room is open. A word beside it says what it means."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatdesk.desktop.theme import Theme


class Lamp(QWidget):
    """The lamp as a widget; ``large`` is for headings."""

    def __init__(self, theme: Theme, *, large: bool = False) -> None:
        super().__init__()
        self._theme, self._large = theme, large
        self._on = True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_on(self, on: bool) -> None:
        """Show whether the room is open."""
        self._on = on
        self.update()

    def sizeHint(self) -> QSize:
        sizes = self._theme.tokens["size"]["lamp"]
        if self._large:
            return QSize(1, 1) * self._theme.px(sizes["coreLarge"] + 2 * sizes["haloLarge"] + 1)
        return QSize(1, 1) * self._theme.px(sizes["core"] + 2 * sizes["halo"])

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = QPointF(self.width() / 2, self.height() / 2)
        paint_lamp(painter, middle, self._theme, on=self._on, large=self._large)
        painter.end()


def paint_lamp(painter: QPainter, center: QPointF, theme: Theme, *, on: bool = True, large: bool = False) -> None:
    """Draw the lamp around ``center``: lit in brass while the room is open, an empty ring otherwise."""
    sizes = theme.tokens["size"]["lamp"]
    core = sizes["coreLarge" if large else "core"] / 2 * theme.scale
    halo = core + sizes["haloLarge" if large else "halo"] * theme.scale
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("lamp-halo"))
        painter.drawEllipse(center, halo, halo)
        painter.setBrush(theme.color("lamp"))
        painter.drawEllipse(center, core, core)
    else:
        painter.setPen(QPen(theme.color("presence-offline"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(center, halo - 1.5, halo - 1.5)
    painter.restore()
