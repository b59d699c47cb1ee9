"""What may be wider than a message, and then scrolls inside it."""

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.timeline.blocks.block import Block, Placed, Selection
from chatdesk.desktop.widgets.timeline.targets import ClickTarget

_THUMB, _THUMB_EDGE, _THUMB_MIN = 4, 3, 32
_THUMB_OPACITY = 0.55


def scrolled_at(block: Block, x: float, y: float) -> "Scrolled | None":
    """Return the box at a point of a message that may scroll; None if there is none."""
    while not isinstance(block, Scrolled):
        child = block.child_at(x, y)
        if child is None:
            return None
        x, y, block = x - child.x, y - child.y, child.block
    return block


def all_scrolled(block: Block) -> Iterator["Scrolled"]:
    """Yield all boxes of a message that may scroll."""
    if isinstance(block, Scrolled):
        yield block
    for child in block.children:
        yield from all_scrolled(child.block)


class Scrolled(Block):
    """A box with an edge, whose content scrolls from left to right if it is wider."""

    __slots__ = ("_content_width", "_offset", "_theme")

    def __init__(self, theme: Theme, content_width: float, width: float) -> None:
        super().__init__()
        self._theme, self._content_width, self._offset = theme, content_width, 0.0
        self.width = min(content_width, width)

    @property
    def hidden(self) -> tuple[float, float]:
        """Pixels of the content that are hidden at the left and at the right."""
        return self._offset, max(0.0, self._content_width - self.width - self._offset)

    @property
    def room_for_thumb(self) -> int:
        """Pixels below the content, so that the thumb covers nothing."""
        return _THUMB + _THUMB_EDGE if any(self.hidden) else 0

    def scroll(self, pixels: float) -> bool:
        """Scroll, to the right if positive; returns False if it is at its end."""
        before, after = self.hidden
        moved = min(max(pixels, -before), after)
        self._offset += moved
        self.children = [Placed(x - moved, y, block) for x, y, block in self.children]
        return bool(moved)

    def target_at(self, x: float, y: float) -> ClickTarget | None:
        return super().target_at(x, y) if 0 <= x < self.width else None

    def paint(self, painter: QPainter, x: float, y: float, selection: Selection | None = None) -> None:
        rect = QRectF(x, y, self.width, self.height)
        painter.save()
        self.paint_ground(painter, rect)
        if any(self.hidden):
            painter.setClipPath(self._outline(rect))
        super().paint(painter, x, y, selection)
        painter.restore()
        if any(self.hidden):
            self._paint_thumb(painter, rect)

    def paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        """Paint what is below the content."""
        raise NotImplementedError

    def _outline(self, rect: QRectF) -> QPainterPath:
        path, radius = QPainterPath(), self._theme.tokens["radius"]["block"]
        path.addRoundedRect(rect.adjusted(1, 1, -1, -1), radius - 1, radius - 1)
        return path

    def _paint_thumb(self, painter: QPainter, rect: QRectF) -> None:
        room = rect.width() - 2 * _THUMB_EDGE
        length = max(_THUMB_MIN, room * self.width / self._content_width)
        part = self._offset / (self._content_width - self.width)
        thumb = QRectF(0, 0, length, _THUMB)
        thumb.moveTopLeft(rect.bottomLeft())
        thumb.translate(_THUMB_EDGE + part * (room - length), -_THUMB - _THUMB_EDGE)
        color = self._theme.color("border-strong")
        color.setAlphaF(_THUMB_OPACITY)
        paint_panel(painter, thumb, _THUMB / 2, color)
