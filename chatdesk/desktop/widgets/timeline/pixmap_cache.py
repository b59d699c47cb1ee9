"""A cache of painted rows: scrolling then copies pictures instead of painting text."""

from collections import OrderedDict

from PySide6.QtGui import QPainter, QPixmap

from chatdesk.desktop.models.rows import Row
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout

_MAX_PIXELS = 2_000_000
"""Of all pictures together, before ``ratio``: more than a maximised window of 1920 by 1080 shows. They take 8 MB."""


class RowPixmapCache:
    """Pictures of rows as they look without hover, selection or highlight. ``ratio`` is device pixels per pixel."""

    def __init__(self, layout: RowLayout, ratio: float) -> None:
        self._layout, self.ratio = layout, ratio
        self._pixmaps: OrderedDict[int, tuple[Row, QPixmap]] = OrderedDict()
        self._pixels = 0

    def holds(self, height: int) -> bool:
        """Return whether rows of this height together find room; else each would push out the one that is next."""
        return self._layout.width * height <= _MAX_PIXELS

    def pixmap(self, row: Row, height: int) -> QPixmap:
        """Return a row's picture. The row must be immutable."""
        cached = self._pixmaps.get(id(row))  # the row is stored with it, so its id is not reused
        if cached is None:
            cached = self._pixmaps[id(row)] = row, self._paint(row, height)
            self._pixels += _size(cached[1])
            while self._pixels > _MAX_PIXELS * self.ratio**2 and len(self._pixmaps) > 1:
                self._pixels -= _size(self._pixmaps.popitem(last=False)[1][1])
        return cached[1]

    def discard(self, row: Row) -> None:
        """Forget a row's picture."""
        if cached := self._pixmaps.pop(id(row), None):
            self._pixels -= _size(cached[1])

    def _paint(self, row: Row, height: int) -> QPixmap:
        pixmap = QPixmap(round(self._layout.width * self.ratio), round(height * self.ratio))
        pixmap.setDevicePixelRatio(self.ratio)
        pixmap.fill(self._layout.theme.color("surface"))
        painter = QPainter(pixmap)
        row_painter.paint(painter, self._layout, row, hovered=False)
        painter.end()
        return pixmap


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height()
