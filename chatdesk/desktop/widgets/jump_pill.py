"""``12 new, jump to latest``: the way back to the newest message."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.button import SECONDARY, Button
from chatdesk.desktop.widgets.shapes import paint_panel, paint_shadow

_MARGIN = 12
"""Pixels around the pill in which its shadow falls."""


class JumpPill(Button):
    """Floats above the composer while there are messages below that nobody has seen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", SECONDARY, icon="chevron-down")
        self.set_unseen(0)

    def set_unseen(self, number: int) -> None:
        """Say how many; none hides it."""
        self.setText(f"{number} new, jump to latest")
        self.setVisible(number > 0)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2, 2) * _MARGIN

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        pill = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        radius = pill.height() / 2
        paint_shadow(painter, pill, radius, self._theme, "float")
        paint_panel(painter, pill, radius, self._fill(), self._edge())
        self._paint_content(painter, self._ink())
        painter.end()
