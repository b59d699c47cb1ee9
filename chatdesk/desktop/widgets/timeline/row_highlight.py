"""Highlights the row that somebody has jumped to, for a moment."""

from PySide6.QtCore import QPersistentModelIndex, QVariantAnimation
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractScrollArea

from chatdesk.desktop.theme import Theme

_FADE_FROM = 0.6
"""The part of the duration after which the highlight fades: it must first be noticed."""


class RowHighlight(QVariantAnimation):
    """Highlights one row of ``view`` at a time. With reduced motion it disappears at once instead of fading."""

    def __init__(self, theme: Theme, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._theme = theme
        self._row = QPersistentModelIndex()
        self.setDuration(theme.tokens["motion"]["highlightFades"])
        self.setStartValue(1.0)
        self.setEndValue(0.0)
        self.valueChanged.connect(view.viewport().update)
        self.finished.connect(self._clear)

    def highlight(self, row: QPersistentModelIndex) -> None:
        """Highlight a row from now on."""
        self.stop()
        self._row = row
        fades = self._theme.motion("highlightFades") > 0
        self.setKeyValueAt(_FADE_FROM if fades else 0.999, 1.0)
        self.start()

    @property
    def position(self) -> int:
        """The position of the highlighted row; -1 if there is none."""
        return self._row.row() if self._row.isValid() else -1

    def background(self, position: int) -> QColor | None:
        """Return the background of a row; None if it is not highlighted."""
        if self.position != position:
            return None
        color = self._theme.color("mention")
        color.setAlphaF(color.alphaF() * float(self.currentValue() or 0.0))
        return color

    def _clear(self) -> None:
        self._row = QPersistentModelIndex()
