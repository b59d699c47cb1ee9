"""A panel beside the content, or over it where there is no room for both."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.theme import Theme

# Pixels of the design, at 100 percent text.
_PANEL = 340
_MIN_CONTENT = 420
"""Pixels at 100 percent text that the content needs to be readable beside the panel."""


class SidePanelSplit(QWidget):
    """Shows ``content``, and ``panel`` beside or over it while open."""

    def __init__(self, theme: Theme, content: QWidget, panel: QWidget) -> None:
        super().__init__()
        self._theme, self._content, self._panel = theme, content, panel
        content.setParent(self)
        panel.setParent(self)
        panel.hide()
        theme.changed.connect(self._arrange)

    @property
    def covers(self) -> bool:
        """Whether an open panel covers the content."""
        return self.width() < self._theme.px(_PANEL + _MIN_CONTENT)

    def set_open(self, opened: bool) -> None:
        """Show or hide the panel."""
        self._panel.setVisible(opened)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return self._content.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        rect = self.rect()
        if self._panel.isHidden():
            self._content.setGeometry(rect)
            return
        panel = rect if self.covers else QRect(rect).adjusted(rect.width() - self._theme.px(_PANEL), 0, 0, 0)
        self._panel.setGeometry(panel)
        self._panel.raise_()
        self._content.setGeometry(rect if self.covers else rect.adjusted(0, 0, -panel.width(), 0))
