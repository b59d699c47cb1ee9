"""The column on the right of a wide window, for people."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.hairline import HAIRLINE


class PeopleColumn(QWidget):
    """A ground and its edge; who it is for moves in while there is room for it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(HAIRLINE, 0, 0, 0)
        theme.changed.connect(self.update)

    def take(self, people: QWidget) -> None:
        """Have the people here."""
        self._layout.addWidget(people)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("background"))
        painter.fillRect(0, 0, HAIRLINE, self.height(), self._theme.color("border"))
        painter.end()
