"""A list in a message: bullets or numbers, where each item begins."""

from itertools import islice
from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from chatdesk.desktop.widgets.timeline.blocks.block import Block, Placed, Selection
from chatdesk.desktop.widgets.timeline.blocks.column import Column
from chatdesk.desktop.widgets.timeline.blocks.paragraph import paragraphs
from chatdesk.desktop.widgets.timeline.blocks.styles import Styles
from chatdesk.protocol import markup

_INDENT, _MARK_GAP, _ITEM_GAP = 22, 8, 2
_BULLET = "•"


class List(Block):
    """Items, each beside its mark."""

    __slots__ = ("_indent", "_marks", "_styles")

    def __init__(self, items: list[Column], marks: list[str], styles: Styles) -> None:
        super().__init__()
        self._styles, self._marks = styles, marks
        self._indent = list_indent(marks, styles)
        self.width = max((item.width for item in items), default=0.0) + self._indent
        self.leftwards = bool(items) and items[0].leftwards
        for item, mark in zip(items, marks, strict=True):
            left = self.width - self._indent - item.width if item.leftwards else self._indent
            top = self.height + (styles.theme.px(_ITEM_GAP) if self.children else 0)
            self.children.append(Placed(left, top, item))
            self.height = top + item.height
            for _, _, paragraph in islice(paragraphs(item), 1):
                paragraph.joint += f"{mark} "
        if items and items[-1].last_width:
            self.last_width = self._indent + items[-1].last_width

    def paint(self, painter: QPainter, x: float, y: float, selection: Selection | None = None) -> None:
        painter.setFont(self._styles.message.font)
        line, gap = self._styles.message.line, self._styles.theme.px(_MARK_GAP)
        for child, mark in zip(self.children, self._marks, strict=True):
            left = x + self.width - self._indent + gap if child.block.leftwards else x
            align = Qt.AlignmentFlag.AlignLeft if child.block.leftwards else Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(left, y + child.y, self._indent - gap, line), align | _MIDDLE, mark)
        super().paint(painter, x, y, selection)


def list_marks(block: markup.List) -> list[str]:
    """Return what stands before each item."""
    if not block.ordered:
        return [_BULLET] * len(block.items)
    return [f"{block.start + place}." for place in range(len(block.items))]


def list_indent(marks: list[str], styles: Styles) -> int:
    """Return how far the items are from the marks' edge, in pixels."""
    widest = max(map(QFontMetricsF(styles.message.font).horizontalAdvance, marks), default=0)
    return max(styles.theme.px(_INDENT), ceil(widest) + styles.theme.px(_MARK_GAP))


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
