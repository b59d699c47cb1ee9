"""Rows as pictures, painted once: a frame of the window then costs a copy, however often it is due."""

from collections import OrderedDict

from PySide6.QtGui import QPainter, QPixmap

from chatdesk.desktop.models.rows import Row
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout

_MAX_CACHED = 80
"""More than a tall window shows at once."""


class RowPixmapCache:
    """The rows of a page at rest, on the reading ground. ``ratio`` is device pixels per pixel."""

    def __init__(self, layout: RowLayout, ratio: float) -> None:
        self._layout, self.ratio = layout, ratio
        self._pixmaps: OrderedDict[int, tuple[Row, QPixmap]] = OrderedDict()

    def pixmap(self, row: Row, height: int) -> QPixmap:
        """The row's picture. A row that can change in itself must not be asked for."""
        kept = self._pixmaps.get(id(row))  # the row is kept along with it, so nothing else gets its id
        if kept is None:
            kept = self._pixmaps[id(row)] = row, self._paint(row, height)
            if len(self._pixmaps) > _MAX_CACHED:
                self._pixmaps.popitem(last=False)
        return kept[1]

    def _paint(self, row: Row, height: int) -> QPixmap:
        pixmap = QPixmap(round(self._layout.width * self.ratio), round(height * self.ratio))
        pixmap.setDevicePixelRatio(self.ratio)
        pixmap.fill(self._layout.theme.color("surface"))
        painter = QPainter(pixmap)
        row_painter.paint(painter, self._layout, row, hovered=False)
        painter.end()
        return pixmap
