"""Selecting words within one message by dragging; a drag that leaves the message selects whole rows instead."""

from PySide6.QtGui import QTextCharFormat

from chatdesk.desktop.models.rows import Row
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.blocks.block import Block, Placed, Position, Selection
from chatdesk.desktop.widgets.timeline.blocks.paragraph import paragraphs


class TextSelection:
    """What is selected in a row. The row is known by identity: a changed message is another row."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.row: Row | None = None
        """The row in which a selection has begun."""
        self._body: Placed | None = None
        self._anchor = self._head = Position(0, 0)

    @property
    def text(self) -> str:
        """The selected words; empty if there are none."""
        selection = self.of(self.row) if self.row else None
        return selected_text(self._body.block, selection) if self._body and selection else ""

    def begin(self, row: Row, body: Placed, x: float, y: float) -> None:
        """Begin a selection at a point, in pixels from the row's upper left corner."""
        self.row, self._body = row, body
        self._anchor = self._head = position_at(body.block, x - body.x, y - body.y)

    def extend(self, x: float, y: float) -> None:
        """Extend it to another point of the same row."""
        if self._body:
            self._head = position_at(self._body.block, x - self._body.x, y - self._body.y)

    def select_word(self, row: Row, body: Placed, x: float, y: float) -> None:
        """Select the word at a point."""
        self.begin(row, body, x, y)
        for number, (left, top, paragraph) in enumerate(paragraphs(body.block)):
            if number == self._anchor.paragraph:
                start, end = paragraph.word_at(x - body.x - left, y - body.y - top)
                self._anchor, self._head = Position(number, start), Position(number, end)

    def collapse(self) -> None:
        """Select nothing for now; the drag has left the row, and may come back."""
        self._head = self._anchor

    def clear(self) -> None:
        """Select nothing."""
        self.row = self._body = None

    def is_in(self, row: Row) -> bool:
        """Whether a selection has begun in this row."""
        return self.row is row

    def of(self, row: Row) -> Selection | None:
        """Return what is selected of a row; None for nothing."""
        if self.row is not row or self._anchor == self._head:
            return None
        look = QTextCharFormat()
        look.setBackground(self._theme.color("selection"))
        look.setForeground(self._theme.color("selection-text"))
        return Selection(min(self._anchor, self._head), max(self._anchor, self._head), look)


def position_at(body: Block, x: float, y: float) -> Position:
    """Return the place between two letters that is nearest to a point, and number the paragraphs."""
    found, nearest = Position(0, 0), (float("inf"), float("inf"))
    for number, (left, top, paragraph) in enumerate(paragraphs(body)):
        paragraph.number = number
        distance = _outside(y, top, top + paragraph.height), _outside(x, left, left + paragraph.width)
        if distance < nearest:
            nearest = distance
            found = Position(number, paragraph.unit_at(x - left, y - top))
    return found


def is_over_words(body: Block, x: float, y: float) -> bool:
    """Return whether a point is on a paragraph."""
    return any(
        left <= x < left + paragraph.width and top <= y < top + paragraph.height
        for left, top, paragraph in paragraphs(body)
    )


def selected_text(body: Block, selection: Selection) -> str:
    """Return the selected words as they are copied."""
    copied = ""
    for number, (_, _, paragraph) in enumerate(paragraphs(body)):
        start, end = selection.units(number, paragraph.length)
        if end > start:
            copied += (paragraph.joint if copied else "") + paragraph.text_between(start, end)
    return copied


def _outside(value: float, start: float, end: float) -> float:
    """Return how far a value is outside a range."""
    return max(start - value, value - end, 0.0)
