"""Which network is searched for chats, with three moving dots while that goes on."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import activity_dots_width, paint_activity_dots
from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.protocol.text import isolated

_STEP_MS = 320  # between two steps of the dots: slow enough not to draw attention
# Pixels of the design, at 100 percent text.
_GAP = 7


class SearchedNetworks(QWidget):
    """One line of text, elided, behind the dots."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._label = Label(theme, font="small", role="text-muted", elide=True)
        self._dots = _ActivityDots(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._dots)
        row.addWidget(self._label)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_networks(self, networks: Sequence[Network]) -> None:
        """Show which networks are searched, the best first."""
        self._label.set_text(_sentence(networks))
        self._dots.setVisible(bool(networks))


class _ActivityDots(QWidget):
    """Three dots that move while visible, unless the system asks for less motion."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._step = theme, 0
        self._timer = QTimer(self, interval=_STEP_MS)
        self._timer.timeout.connect(self._advance)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(ceil(activity_dots_width(self._theme)), self._theme.line("small"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_activity_dots(painter, QPointF(0, self.height() / 2), self._theme, self._step)
        painter.end()

    def _advance(self) -> None:
        if self._theme.motion("base"):
            self._step += 1
            self.update()


def _sentence(networks: Sequence[Network]) -> str:
    if not networks:
        return "No network"
    best = networks[0]
    if best.name:
        return f"Looking on {isolated(best.name)}"
    return "Looking on this Wi-Fi" if best.kind is NetworkKind.WIFI else "Looking on this network"
