"""A cache of painted rows: scrolling then copies pictures instead of painting text."""

from collections import OrderedDict
from collections.abc import Iterable

from PySide6.QtGui import QPainter, QPixmap

from chatdesk.desktop.models.rows import MessageRow, Row
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout

_MIN_PIXELS = 2_000_000
"""Of all pictures together, before ``ratio``: they take 8 MB, and hold some windows of usual size."""
_VIEWS_KEPT = 2
"""Times what is visible that finds room in any case: half a view above and below is painted ahead."""
_MAX_HEIGHT = 320
"""Pixels of height up to which a row is kept: a long message's picture would take many megabytes."""


class RowPixmapCache:
    """Pictures of messages as they look without hover, selection or highlight. ``ratio`` is device pixels per pixel.

    They are ``width`` pixels wide: right of the longest line nothing is painted.
    """

    def __init__(self, layout: RowLayout, ratio: float) -> None:
        self._layout, self.ratio = layout, ratio
        self.width = min(layout.width, layout.text_left + layout.measure + layout.side)
        self._pixmaps: OrderedDict[int, tuple[Row, QPixmap]] = OrderedDict()
        self._pixels, self._max_pixels = 0, _MIN_PIXELS

    def make_room(self, height: int) -> None:
        """Find room for all rows of a view of this height, in pixels; else each would push out the one that is next."""
        self._max_pixels = max(_MIN_PIXELS, _VIEWS_KEPT * self.width * height)

    def takes(self, row: Row, height: int) -> bool:
        """Return whether the picture of a row is kept: it never changes, and is not high."""
        return isinstance(row, MessageRow) and height <= _MAX_HEIGHT

    def pixmap(self, row: Row, height: int) -> QPixmap:
        """Return a row's picture. The row must be immutable."""
        key = id(row)  # the row is stored with its picture, so its id is not reused
        if cached := self._pixmaps.get(key):
            self._pixmaps.move_to_end(key)
            return cached[1]
        pixmap = self._paint(row, height)
        self._pixmaps[key] = row, pixmap
        self._pixels += _size(pixmap)
        while self._pixels > self._max_pixels * self.ratio**2 and len(self._pixmaps) > 1:
            self._pixels -= _size(self._pixmaps.popitem(last=False)[1][1])
        return pixmap

    def missing(self, rows: Iterable[tuple[Row, int]]) -> tuple[Row, int] | None:
        """Return the first of these rows, each with its height, whose picture is wanted and not there; None if none."""
        wanted = (each for each in rows if id(each[0]) not in self._pixmaps and self.takes(*each))
        return next(wanted, None)

    def discard(self, row: Row) -> None:
        """Forget a row's picture."""
        if cached := self._pixmaps.pop(id(row), None):
            self._pixels -= _size(cached[1])

    def _paint(self, row: Row, height: int) -> QPixmap:
        pixmap = QPixmap(round(self.width * self.ratio), round(height * self.ratio))
        pixmap.setDevicePixelRatio(self.ratio)
        pixmap.fill(self._layout.theme.color("surface"))
        painter = QPainter(pixmap)
        row_painter.paint(painter, self._layout, row, hovered=False)
        painter.end()
        return pixmap


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height()
