"""The reactions to a message: a pill for each emoji, and one that adds another."""

from collections.abc import Collection, Iterator, Sequence
from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.text_painting import paint_line, text_width
from chatdesk.desktop.widgets.timeline.blocks.block import Block, Part, Selection
from chatdesk.desktop.widgets.timeline.targets import AddReaction, ClickTarget, React
from chatdesk.protocol.events import Reaction

# Pixels of the design, at 100 percent text.
_GAP, _PAD, _INNER_GAP, _EMOJI, _ICON, _ADD = 6, 10, 6, 14, 16, 32


class Reactions(Block):
    """Pills in as many lines as they need, for the reactions to message ``seq``; ``own`` are those of oneself."""

    __slots__ = ("_own", "_places", "_reactions", "_seq", "_theme")

    def __init__(
        self, reactions: Sequence[Reaction], own: Collection[str], seq: int, theme: Theme, width: float
    ) -> None:
        super().__init__()
        self._reactions, self._own, self._seq, self._theme = reactions, own, seq, theme
        self._places: list[QRectF] = []
        gap, height = theme.px(_GAP), theme.px(theme.tokens["size"]["reaction"])
        left = top = 0.0
        for pill_width in (*map(self._width, reactions), theme.px(_ADD)):
            if left and left + pill_width > width:
                left, top = 0.0, top + height + gap
            self._places.append(QRectF(left, top, pill_width, height))
            left += pill_width + gap
            self.width = max(self.width, left - gap)
        self.height = ceil(top + height)

    def target_at(self, x: float, y: float) -> ClickTarget | None:
        return next((part.target for part in self.parts() if part.rect.contains(x, y)), None)

    def parts(self) -> Iterator[Part]:
        for reaction, place in zip(self._reactions, self._places, strict=False):
            names = tuple(person.nickname for person in reaction.people)
            active = reaction.emoji not in self._own
            yield Part(place, React(self._seq, reaction.emoji, active, reaction.count, names))
        yield Part(self._places[-1], AddReaction(self._seq))

    def paint(self, painter: QPainter, x: float, y: float, selection: Selection | None = None) -> None:
        painter.save()
        for reaction, place in zip(self._reactions, self._places, strict=False):
            self._paint_pill(painter, reaction, place.translated(x, y))
        theme, add = self._theme, self._places[-1].translated(x, y)
        paint_panel(painter, add, add.height() / 2, None, theme.color("border"))
        side = theme.px(_ICON)
        icon = QRectF(round(add.center().x() - side / 2), round(add.center().y() - side / 2), side, side)
        paint_icon(painter, icon, "smile", theme.color("text-muted"))
        painter.restore()

    def _paint_pill(self, painter: QPainter, reaction: Reaction, rect: QRectF) -> None:
        theme, own = self._theme, reaction.emoji in self._own
        edge = theme.color("accent") if own else theme.color("border-strong") if theme.high_contrast else None
        paint_panel(painter, rect, rect.height() / 2, theme.color("accent-soft" if own else "surface-sunken"), edge)
        font = theme.font("small")
        font.setPixelSize(theme.px(_EMOJI))
        painter.setFont(font)
        left, width = rect.left() + theme.px(_PAD), text_width(reaction.emoji, font)
        painter.setPen(theme.color("text"))
        paint_line(painter, QRectF(left, rect.top(), width + 1, rect.height()), reaction.emoji)
        painter.setFont(self._count_font(own=own))
        painter.setPen(theme.color("accent-soft-text" if own else "text-muted"))
        count = rect.adjusted(0, 0, -theme.px(_PAD), 0)
        painter.drawText(count, _RIGHT, str(reaction.count))

    def _width(self, reaction: Reaction) -> float:
        theme, own = self._theme, reaction.emoji in self._own
        font = theme.font("small")
        font.setPixelSize(theme.px(_EMOJI))
        count = QFontMetricsF(self._count_font(own=own)).horizontalAdvance(str(reaction.count))
        return ceil(text_width(reaction.emoji, font) + theme.px(_INNER_GAP) + count + 2 * theme.px(_PAD))

    def _count_font(self, *, own: bool) -> QFont:
        return self._theme.font("small", SEMIBOLD if own else 500, tabular=True)


_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
