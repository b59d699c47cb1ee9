"""A few lines of a message around what was searched for, with the found words marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout

from chatdesk.desktop.widgets.common.text_painting import emoji_formats, format_range, utf16_length
from chatdesk.desktop.widgets.timeline.text_block import OPTION
from chatdesk.protocol.text import lines

_MAX_LINES = 3


@dataclass(frozen=True, slots=True)
class SnippetStyle:
    """How an excerpt is set: its font, the height of its lines, and ground and ink of what was found."""

    font: QFont
    line: int
    ground: QColor
    ink: QColor


class Snippet:
    """At most three lines of ``width`` pixels; every second one of ``parts`` was found. ``height`` is in pixels."""

    def __init__(self, parts: Sequence[str], style: SnippetStyle, width: float) -> None:
        words = [" ".join(lines(part)) for part in parts]
        self._style, self._width = style, width
        self._formats = [*emoji_formats("".join(words), style.font), *_marks(words, style)]
        end = self._lay_out("".join(words))
        if end is not None:
            self._lay_out(f"{_first_units(''.join(words), end - 2).rstrip()}…")

    def paint(self, painter: QPainter, x: float, y: float) -> None:
        """Draw the text with its upper left corner there, in the painter's pen."""
        self._layout.draw(painter, QPointF(x, y))

    def _lay_out(self, text: str) -> int | None:
        """One line below the other; where the text goes on below the last one, the result is where it is cut."""
        self._layout = layout = QTextLayout(text, self._style.font)
        layout.setCacheEnabled(True)
        layout.setTextOption(OPTION)
        layout.setFormats(self._formats)
        self.height, end = 0, 0
        layout.beginLayout()
        for _ in range(_MAX_LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(self._width)
            step = max(self._style.line, ceil(line.height()))
            line.setPosition(QPointF(0, self.height + (step - line.height()) / 2))
            self.height += step
            end = line.textStart() + line.textLength()
        layout.endLayout()
        return end if end < utf16_length(text) else None


def _marks(parts: Sequence[str], style: SnippetStyle) -> list[QTextLayout.FormatRange]:
    marks: list[QTextLayout.FormatRange] = []
    start = 0
    for place, part in enumerate(parts):
        if place % 2:
            look = QTextCharFormat()
            look.setBackground(style.ground)
            look.setForeground(style.ink)
            marks.append(format_range(start, utf16_length(part), look))
        start += utf16_length(part)
    return marks


def _first_units(text: str, count: int) -> str:
    """The beginning of a text, as long as Qt counts it."""
    return text.encode("utf-16-le")[: 2 * count].decode("utf-16-le", errors="ignore")
