"""An icon that is no button."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import Theme


class Icon(QWidget):
    """The icon ``name``, ``size`` pixels at 100 percent text, in the colour of ``role``, beside a text."""

    def __init__(self, theme: Theme, name: str, role: str = "text-muted", size: int = 20) -> None:
        super().__init__()
        self._theme, self._name, self._role, self._size = theme, name, role, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.updateGeometry)

    def set_icon(self, name: str, role: str) -> None:
        """Show another icon, in the colour of another role."""
        self._name, self._role = name, role
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self._theme.px(self._size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, QRectF(self.rect()), self._name, self._theme.color(self._role))
        painter.end()
