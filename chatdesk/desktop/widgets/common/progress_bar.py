"""A thin progress bar."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel


class ProgressBar(QProgressBar):
    """Shows ``setRange`` and ``setValue``; ``name`` is its accessible name."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setTextVisible(False)
        self.setAccessibleName(name)
        self.setFixedHeight(theme.tokens["size"]["progress"])
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter, bar = self._theme, QPainter(self), QRectF(self.rect())
        radius = bar.height() / 2
        border = theme.color("border-strong") if theme.high_contrast else None
        paint_panel(painter, bar, radius, theme.color("border"), border)
        span = max(1, self.maximum() - self.minimum())
        width = max(bar.height(), bar.width() * (self.value() - self.minimum()) / span)
        done = QRectF(0, 0, width, bar.height())
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            done.moveRight(bar.right())
        if self.value() > self.minimum():
            paint_panel(painter, done, radius, theme.color("accent"))
        painter.end()
