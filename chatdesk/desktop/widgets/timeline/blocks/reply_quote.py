"""The message that another one answers: one line above it, which leads there."""

from collections.abc import Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from chatdesk.desktop.models.quotes import Quoted
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.avatar import author_ink
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width
from chatdesk.desktop.widgets.timeline.blocks.block import Block, Part, Selection
from chatdesk.desktop.widgets.timeline.blocks.column import Body
from chatdesk.desktop.widgets.timeline.targets import ClickTarget, JumpTo

# Pixels of the design, at 100 percent text.
_HEIGHT, _MAX_WIDTH = 28, 440
_LEFT, _GAP, _RIGHT = 14, 8, 11
_WORDS_GAP = 4


class ReplyQuote(Block):
    """A bar in the person's ink, the name, and the words of the message as it is now."""

    __slots__ = ("_name", "_quoted", "_theme", "_words")

    def __init__(self, quoted: Quoted, theme: Theme, width: float) -> None:
        super().__init__()
        self._quoted, self._theme = quoted, theme
        room = min(width, theme.px(_MAX_WIDTH)) - theme.px(_LEFT) - theme.px(_RIGHT)
        name_font, font = theme.font("label", SEMIBOLD), theme.font("label", 400)
        self._name = elided(quoted.nickname, name_font, room)
        name_width = text_width(self._name, name_font) + theme.px(_GAP) if self._name else 0.0
        self._words = elided(quoted.words, font, max(0.0, room - name_width))
        self.width = theme.px(_LEFT) + name_width + text_width(self._words, font) + theme.px(_RIGHT)
        self.height = theme.px(_HEIGHT)

    def target_at(self, x: float, y: float) -> ClickTarget | None:
        inside = 0 <= x < self.width and 0 <= y < self.height
        return JumpTo(self._quoted.seq) if inside and self._quoted.seq else None

    def parts(self) -> Iterator[Part]:
        if self._quoted.seq:
            yield Part(QRectF(0, 0, self.width, self.height), JumpTo(self._quoted.seq))

    def paint(self, painter: QPainter, x: float, y: float, selection: Selection | None = None) -> None:
        theme, rect = self._theme, QRectF(x, y, self.width, self.height)
        ink = author_ink(theme, self._quoted)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape, radius = QPainterPath(), theme.tokens["radius"]["block"]
        shape.setFillRule(Qt.FillRule.WindingFill)
        shape.addRoundedRect(rect, radius, radius)
        shape.addRect(rect.adjusted(0, 0, -radius, 0))
        painter.fillPath(shape, theme.color("surface-sunken"))
        bar = QRectF(x, y, theme.tokens["border"]["quoteBar"], self.height)
        painter.fillRect(bar, ink if self._name else theme.color("border-strong"))
        left = x + theme.px(_LEFT)
        if self._name:
            painter.setPen(ink)
            painter.setFont(theme.font("label", SEMIBOLD))
            width = text_width(self._name, painter.font())
            paint_line(painter, QRectF(left, y, width + 1, self.height), self._name)
            left += width + theme.px(_GAP)
        painter.setPen(theme.color("text-muted"))
        painter.setFont(theme.font("label", 400))
        paint_line(painter, QRectF(left, y, x + self.width - left, self.height), self._words)
        painter.restore()


class Answer(Body):
    """A message below the one that it answers."""

    __slots__ = ()

    def __init__(self, quoted: Quoted, words: Body, theme: Theme, width: float) -> None:
        super().__init__()
        self.add(ReplyQuote(quoted, theme, width))
        self.add(words, theme.px(_WORDS_GAP))
        self.finish()
        self.cut = words.cut
