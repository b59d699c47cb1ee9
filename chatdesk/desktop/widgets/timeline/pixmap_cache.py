"""A cache of painted rows: scrolling then copies pictures instead of painting text."""

from collections import OrderedDict

from PySide6.QtGui import QPainter, QPixmap

from chatdesk.desktop.models.rows import Row
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout

_MAX_CACHED = 80
"""Rows: more than a tall window shows at once."""


class RowPixmapCache:
    """Pictures of rows as they look without hover, selection or highlight. ``ratio`` is device pixels per pixel."""

    def __init__(self, layout: RowLayout, ratio: float) -> None:
        self._layout, self.ratio = layout, ratio
        self._pixmaps: OrderedDict[int, tuple[Row, QPixmap]] = OrderedDict()

    def pixmap(self, row: Row, height: int) -> QPixmap:
        """Return a row's picture. The row must be immutable."""
        cached = self._pixmaps.get(id(row))  # the row is stored with it, so its id is not reused
        if cached is None:
            cached = self._pixmaps[id(row)] = row, self._paint(row, height)
            if len(self._pixmaps) > _MAX_CACHED:
                self._pixmaps.popitem(last=False)
        return cached[1]

    def _paint(self, row: Row, height: int) -> QPixmap:
        pixmap = QPixmap(round(self._layout.width * self.ratio), round(height * self.ratio))
        pixmap.setDevicePixelRatio(self.ratio)
        pixmap.fill(self._layout.theme.color("surface"))
        painter = QPainter(pixmap)
        row_painter.paint(painter, self._layout, row, hovered=False)
        painter.end()
        return pixmap
