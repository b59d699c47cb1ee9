"""Rows as pictures, painted once: a frame of the window then costs a copy, however often it is due."""

from collections import OrderedDict

from PySide6.QtGui import QPainter, QPixmap

from chatdesk.desktop.models.rows import Row
from chatdesk.desktop.widgets.timeline import row_painter as rows
from chatdesk.desktop.widgets.timeline.row_layout import Page

_KEPT = 80
"""More than a tall window shows at once."""


class Pictures:
    """The rows of a page at rest, on the reading ground. ``ratio`` is device pixels per pixel."""

    def __init__(self, page: Page, ratio: float) -> None:
        self._page, self.ratio = page, ratio
        self._pictures: OrderedDict[int, tuple[Row, QPixmap]] = OrderedDict()

    def picture(self, row: Row, height: int) -> QPixmap:
        """The row's picture. A row that can change in itself must not be asked for."""
        kept = self._pictures.get(id(row))  # the row is kept along with it, so nothing else gets its id
        if kept is None:
            kept = self._pictures[id(row)] = row, self._paint(row, height)
            if len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
        return kept[1]

    def _paint(self, row: Row, height: int) -> QPixmap:
        picture = QPixmap(round(self._page.width * self.ratio), round(height * self.ratio))
        picture.setDevicePixelRatio(self.ratio)
        picture.fill(self._page.theme.color("surface"))
        painter = QPainter(picture)
        rows.paint(painter, self._page, row, hovered=False)
        painter.end()
        return picture
