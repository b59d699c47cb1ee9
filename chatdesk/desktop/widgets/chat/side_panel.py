"""What one reads, and a panel beside it; where there is no room for both, the panel lies over it."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.theme import Theme

_PANEL = 340
_MIN_CONTENT = 420
"""Pixels at 100 percent text that are left to read in, or the panel takes the whole place."""


class SidePanelSplit(QWidget):
    """``panel`` is shown and hidden with ``set_open``."""

    def __init__(self, theme: Theme, reading: QWidget, panel: QWidget) -> None:
        super().__init__()
        self._theme, self._content, self._panel = theme, reading, panel
        reading.setParent(self)
        panel.setParent(self)
        panel.hide()
        theme.changed.connect(self._arrange)

    @property
    def covers(self) -> bool:
        """Whether there is room for one of both alone."""
        return self.width() < self._theme.px(_PANEL + _MIN_CONTENT)

    def set_open(self, opened: bool) -> None:
        """Show the panel, or put it away."""
        self._panel.setVisible(opened)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return self._content.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        place = self.rect()
        if self._panel.isHidden():
            self._content.setGeometry(place)
            return
        panel = place if self.covers else QRect(place).adjusted(place.width() - self._theme.px(_PANEL), 0, 0, 0)
        self._panel.setGeometry(panel)
        self._panel.raise_()
        self._content.setGeometry(place if self.covers else place.adjusted(0, 0, -panel.width(), 0))
