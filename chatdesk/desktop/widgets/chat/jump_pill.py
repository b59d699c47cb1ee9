"""Pills over the timeline: "12 new, jump to latest", or up to the first unread message."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import SECONDARY, Button
from chatdesk.desktop.widgets.common.painting import paint_panel, paint_shadow

_LATEST = "Jump to latest"
_SHADOW_MARGIN = 12
"""Pixels around the pill for its shadow."""


class FloatingPill(Button):
    """A button that floats over the timeline; hidden without a text."""

    def __init__(self, theme: Theme, text: str, icon: str) -> None:
        super().__init__(theme, text, SECONDARY, icon=icon)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show this text; an empty one hides the pill."""
        self.setText(text or self.text())
        self.setVisible(bool(text))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2, 2) * _SHADOW_MARGIN

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        pill = QRectF(self.rect()).adjusted(_SHADOW_MARGIN, _SHADOW_MARGIN, -_SHADOW_MARGIN, -_SHADOW_MARGIN)
        radius = pill.height() / 2
        paint_shadow(painter, pill, radius, self._theme, "float")
        paint_panel(painter, pill, radius, self._fill_color(), self._border_color())
        self._paint_content(painter, self._text_color())
        painter.end()


class JumpPill(FloatingPill):
    """Shown while there are unseen messages below, or while the newest message is far away."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _LATEST, "chevron-down")
        self._unseen, self._far_from_latest = 0, False

    def set_unseen(self, number: int) -> None:
        """Set how many messages below have not been seen."""
        self._unseen = number
        self._update_text()

    def set_far_from_latest(self, far: bool) -> None:
        """Set whether the newest message is far away."""
        self._far_from_latest = far
        self._update_text()

    def _update_text(self) -> None:
        latest = _LATEST if self._far_from_latest else ""
        self.show_text(f"{self._unseen} new, jump to latest" if self._unseen else latest)
