"""A ring that empties while a countdown runs."""

from time import monotonic

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatdesk.desktop.theme import Theme

# Pixels of the design, at 100 percent text.
_SIDE = 20
_STROKE = 2
_TRACK_ALPHA = 0.25
"""Opacity of the part that is over: visible as a track, no more."""


class CountdownRing(QWidget):
    """A ring that shows how much of a wait is left; ``role`` is its colour role."""

    def __init__(self, theme: Theme, role: str) -> None:
        super().__init__()
        self._theme, self._role = theme, role
        self._start = self._end = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def run_until(self, end: float) -> None:
        """Start full, and be empty at ``end``, in seconds of ``time.monotonic``. It repaints only when asked to."""
        self._start, self._end = monotonic(), end

    @property
    def remaining(self) -> float:
        """What is left of the wait, from 1 to 0."""
        whole = self._end - self._start
        return min(max((self._end - monotonic()) / whole, 0.0), 1.0) if whole > 0 else 0.0

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self._theme.px(_SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.color(self._role)
        track = QColor(color)
        track.setAlphaF(_TRACK_ALPHA)
        stroke = self._theme.px(_STROKE)
        circle = QRectF(self.rect()).adjusted(stroke, stroke, -stroke, -stroke)
        painter.setPen(QPen(track, stroke))
        painter.drawEllipse(circle)
        painter.setPen(QPen(color, stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(circle, 90 * 16, -round(self.remaining * 360 * 16))
        painter.end()
