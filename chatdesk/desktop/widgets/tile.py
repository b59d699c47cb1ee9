"""A chat as a petrol tile with its initials."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.protocol.appearance import initials

_SIDE = 32
_SEMIBOLD = 600


class Tile(QWidget):
    """The name's first and last letter on petrol."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._letters = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.updateGeometry)

    def set_name(self, name: str) -> None:
        """Show this chat."""
        self._letters = initials(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self._theme.px(_SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        edge = self._theme.color("border") if self._theme.high_contrast else None
        paint_panel(painter, QRectF(self.rect()), self._theme.tokens["radius"]["row"], self._theme.color("hero"), edge)
        painter.setPen(self._theme.color("hero-text"))
        painter.setFont(self._theme.font("small", _SEMIBOLD))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letters)
        painter.end()
