"""Words that are quoted in a message, beside a bar."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.timeline.blocks.block import Block, Placed, Selection
from chatdesk.desktop.widgets.timeline.blocks.column import Column

_GAP = 11


class Quote(Block):
    """A bar, and the quoted blocks; the bar is where they begin."""

    __slots__ = ("_theme",)

    def __init__(self, quoted: Column, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.leftwards = quoted.leftwards
        indent = quote_indent(theme)
        self.children.append(Placed(0 if self.leftwards else indent, 0, quoted))
        self.width, self.height = quoted.width + indent, quoted.height
        self.last_width = indent + quoted.last_width if quoted.last_width else 0.0

    def paint(self, painter: QPainter, x: float, y: float, selection: Selection | None = None) -> None:
        bar = self._theme.tokens["border"]["quoteBar"]
        rect = QRectF(x + self.width - bar if self.leftwards else x, y, bar, self.height)
        paint_panel(painter, rect, bar / 2, self._theme.color("border-strong"))
        super().paint(painter, x, y, selection)


def quote_indent(theme: Theme) -> int:
    """Return how far the words are from the outer edge of the bar, in pixels."""
    return int(theme.tokens["border"]["quoteBar"]) + theme.px(_GAP)
