"""The light on a row that somebody has jumped to: it stays for a moment, then fades."""

from PySide6.QtCore import QPersistentModelIndex, QVariantAnimation
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractScrollArea

from chatdesk.desktop.theme import Theme

_FADE_FROM = 0.6
"""Part of the time after which it begins to fade."""


class RowHighlight(QVariantAnimation):
    """Lights one row of ``view`` at a time. Who asked the system for less motion sees it go at once, not fade."""

    def __init__(self, theme: Theme, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._theme = theme
        self._row = QPersistentModelIndex()
        self.setDuration(theme.tokens["motion"]["highlightFades"])
        self.setStartValue(1.0)
        self.setEndValue(0.0)
        self.valueChanged.connect(view.viewport().update)
        self.finished.connect(self._end)

    def highlight(self, row: QPersistentModelIndex) -> None:
        """Light this row from now on."""
        self.stop()
        self._row = row
        fades = self._theme.motion("highlightFades") > 0
        self.setKeyValueAt(_FADE_FROM if fades else 0.999, 1.0)
        self.start()

    def background(self, position: int) -> QColor | None:
        """What lies under the row at this place; None for one that is not lit."""
        if not self._row.isValid() or self._row.row() != position:
            return None
        color = self._theme.color("mention")
        color.setAlphaF(color.alphaF() * float(self.currentValue() or 0.0))
        return color

    def _end(self) -> None:
        self._row = QPersistentModelIndex()
