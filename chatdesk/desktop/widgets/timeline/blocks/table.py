"""A table in a message: hairlines, a head on a ground of its own; a wide one scrolls."""

from itertools import zip_longest

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.timeline.blocks.block import Budget, Placed
from chatdesk.desktop.widgets.timeline.blocks.inline import rich_text
from chatdesk.desktop.widgets.timeline.blocks.paragraph import Paragraph, Style, reads_leftwards
from chatdesk.desktop.widgets.timeline.blocks.scrolled import Scrolled
from chatdesk.desktop.widgets.timeline.blocks.styles import Styles
from chatdesk.protocol import markup

# Pixels as in the design, at 100 percent text.
_ABOVE, _SIDE = 5, 14
_MAX_CELL = 320
"""The width from which on the words of a cell are broken into lines."""

_LEFT = Qt.AlignmentFlag.AlignLeft
_ALIGNMENTS = {"right": Qt.AlignmentFlag.AlignRight, "center": Qt.AlignmentFlag.AlignHCenter}


class Table(Scrolled):
    """Cells in rows; each column is as wide as its widest cell."""

    __slots__ = ("_head_height", "_lines")

    def __init__(self, table: markup.Table, styles: Styles, width: float, budget: Budget) -> None:
        theme = styles.theme
        rows = [_cells(table.head, styles, styles.head, budget)]
        for row in table.rows:
            if not budget.lines:
                budget.cut = True
                break
            rows.append(_cells(row, styles, styles.cell, budget))
        widths = [max(cell.width for cell in column if cell) for column in zip_longest(*rows)]
        pad = theme.px(_SIDE)
        super().__init__(theme, sum(widths) + 2 * pad * len(widths) + 2, width)
        self.leftwards = reads_leftwards(markup.plain_text([table]))
        self._lines: list[int] = []
        top = 1
        for cells in rows:
            top = self._place(cells, table.align, widths, top)
            self._lines.append(top)
            top += 1
        self._head_height = self._lines[0]
        self.height = top + self.room_for_thumb
        if self.leftwards:
            self.scroll(self.hidden[1])

    def paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        theme, radius = self._theme, self._theme.tokens["radius"]["block"]
        paint_panel(painter, rect, radius, theme.color("surface"))
        painter.save()
        painter.setClipRect(QRectF(rect.left(), rect.top(), rect.width(), self._head_height))
        paint_panel(painter, rect, radius, theme.color("surface-sunken"))
        painter.restore()
        for top in self._lines[:-1]:
            painter.fillRect(QRectF(rect.left(), rect.top() + top, rect.width(), 1), theme.color("border"))
        paint_panel(painter, rect, radius, None, theme.color("border"))
        painter.setPen(theme.color("text"))

    def _place(self, row: list[Paragraph], align: tuple[markup.Align, ...], widths: list[float], top: int) -> int:
        """Place the cells of a row, from the side where the table begins; returns its lower edge."""
        above, side = self._theme.px(_ABOVE), self._theme.px(_SIDE)
        start = 1.0 + side
        for cell, width, way in zip_longest(row, widths, align[: len(widths)]):
            if cell:
                cell.align(_ALIGNMENTS.get(way or ("right" if cell.leftwards else "left"), _LEFT), width)
                left = self._content_width - start - width if self.leftwards else start
                self.children.append(Placed(left, top + above, cell))
            start += width + 2 * side
        return top + 2 * above + max((cell.height for cell in row), default=0)


def _cells(row: tuple[tuple[markup.Inline, ...], ...], styles: Styles, style: Style, budget: Budget) -> list[Paragraph]:
    lines = budget.lines
    cells = []
    for content in row:
        budget.lines = lines
        cells.append(Paragraph(rich_text(content, styles, style), style, styles.theme.px(_MAX_CELL), budget))
    budget.lines = max(0, lines - 1)
    for cell in cells[1:]:
        cell.joint = "\t"
    return cells
