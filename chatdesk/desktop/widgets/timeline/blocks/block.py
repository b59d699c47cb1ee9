"""The common part of all blocks: a tree, painted as far as it is on the device, asked what is at a point."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QTextCharFormat

from chatdesk.desktop.widgets.timeline.targets import ClickTarget

ANY_NUMBER = 1 << 30
"""A number of lines or characters that is never reached."""


class Position(NamedTuple):
    """A place between two letters of a message: the number of the paragraph in it, and UTF-16 units into that."""

    paragraph: int
    unit: int


class Selection(NamedTuple):
    """What is selected of a message, and how it looks; the start is before the end."""

    start: Position
    end: Position
    look: QTextCharFormat

    def units(self, number: int, length: int) -> tuple[int, int]:
        """Return start and end of what is selected of the paragraph of this number and length."""
        if not self.start.paragraph <= number <= self.end.paragraph:
            return 0, 0
        start = self.start.unit if number == self.start.paragraph else 0
        return start, self.end.unit if number == self.end.paragraph else length


class Placed(NamedTuple):
    """A block and its upper left corner, relative to that of the block around it."""

    x: float
    y: float
    block: Block


class Part(NamedTuple):
    """A place in a message that can be clicked, with its rectangle relative to the block's corner."""

    rect: QRectF
    target: ClickTarget


class Budget:
    """How many lines and characters of a message may still be laid out; ``cut`` once something did not fit."""

    __slots__ = ("characters", "cut", "lines")

    def __init__(self, lines: int = ANY_NUMBER, characters: int = ANY_NUMBER) -> None:
        self.lines, self.characters, self.cut = lines, characters, False

    def take(self, text: str) -> str:
        """Return as much of a text as may be laid out."""
        if len(text) > self.characters:
            self.cut = True
            text = text[: self.characters]
        self.characters -= len(text)
        return text


class Block:
    """A part of a message, laid out; sizes are in pixels.

    ``last_width`` is the width of the last line, or 0 if nothing fits behind it. ``leftwards``: it begins at the right.
    """

    __slots__ = ("children", "height", "last_width", "leftwards", "width")

    def __init__(self) -> None:
        self.children: list[Placed] = []
        """From top to bottom."""
        self.width = self.last_width = 0.0
        self.height = 0
        self.leftwards = False

    def paint(self, painter: QPainter, x: float, y: float, selection: Selection | None = None) -> None:
        """Paint it with its upper left corner at a point, in the painter's pen; only what is on the device."""
        top = -painter.worldTransform().dy() - y
        first, _ = self._row_at(top)
        last = bisect_left(self.children, top + painter.device().height(), key=_top)
        for child in self.children[first:last]:
            child.block.paint(painter, x + child.x, y + child.y, selection)

    def target_at(self, x: float, y: float) -> ClickTarget | None:
        """Return what a click at a point means; None for nothing."""
        child = self.child_at(x, y)
        return child.block.target_at(x - child.x, y - child.y) if child else None

    def child_at(self, x: float, y: float) -> Placed | None:
        """Return the child at a point, or beside it in the same row."""
        start, end = self._row_at(y) if 0 <= y < self.height else (0, 0)
        row = [child for child in self.children[start:end] if child.y <= y < child.y + child.block.height]
        return max((child for child in row if child.x <= x), key=_left, default=row[0] if row else None)

    def parts(self) -> Iterator[Part]:
        """Yield what can be clicked, in reading order."""
        for child in self.children:
            for part in child.block.parts():
                yield Part(part.rect.translated(child.x, child.y), part.target)

    def _row_at(self, y: float) -> tuple[int, int]:
        """Return start and end of the children that begin last above a height: one, or the cells of a row."""
        end = bisect_right(self.children, y, key=_top)
        return (bisect_left(self.children, self.children[end - 1].y, key=_top) if end else 0), end


def _left(child: Placed) -> float:
    return child.x


def _top(child: Placed) -> float:
    return child.y
