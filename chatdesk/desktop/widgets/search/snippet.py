"""A snippet of a message: a few lines around what was searched for, with the matches marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout

from chatdesk.desktop.widgets.common.text_painting import emoji_formats, format_range, utf16_length
from chatdesk.desktop.widgets.timeline.blocks.paragraph import WRAPPED
from chatdesk.protocol.text import lines

_MAX_LINES = 3  # enough to recognise a message, and several results still fit the panel


@dataclass(frozen=True, slots=True)
class SnippetStyle:
    """The font of a snippet, the height of its lines in pixels, and background and text colour of the matches."""

    font: QFont
    line: int
    background: QColor
    foreground: QColor


class Snippet:
    """At most three lines of ``width`` pixels; every second one of ``parts`` is a match. ``height`` is in pixels."""

    def __init__(self, parts: Sequence[str], style: SnippetStyle, width: float) -> None:
        texts = [" ".join(lines(part)) for part in parts]
        self._style, self._width = style, width
        self._formats = [*emoji_formats("".join(texts), style.font), *_marks(texts, style)]
        end = self._lay_out("".join(texts))
        if end is not None:
            self._lay_out(f"{_first_units(''.join(texts), end - 2).rstrip()}…")

    def paint(self, painter: QPainter, x: float, y: float) -> None:
        """Draw the text in the painter's pen, with its upper left corner at ``x`` and ``y``."""
        self._layout.draw(painter, QPointF(x, y))

    def _lay_out(self, text: str) -> int | None:
        """Lay out the lines; returns where the text is cut, in UTF-16 units, or None if all of it fits."""
        self._layout = layout = QTextLayout(text, self._style.font)
        layout.setCacheEnabled(True)
        layout.setTextOption(WRAPPED)
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
    for number, part in enumerate(parts):
        if number % 2:
            look = QTextCharFormat()
            look.setBackground(style.background)
            look.setForeground(style.foreground)
            marks.append(format_range(start, utf16_length(part), look))
        start += utf16_length(part)
    return marks


def _first_units(text: str, count: int) -> str:
    """Return the first ``count`` UTF-16 units of a text."""
    return text.encode("utf-16-le")[: 2 * count].decode("utf-16-le", errors="ignore")
