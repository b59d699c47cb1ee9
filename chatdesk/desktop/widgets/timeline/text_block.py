"""A text laid out as people read it: each paragraph in its own direction, links in sight, no markup ever."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption

from chatdesk.desktop.models.chunk import MAX_SHOWN_CHARACTERS
from chatdesk.desktop.widgets.common.text_painting import emoji_formats, format_range, utf16_length
from chatdesk.protocol.links import links
from chatdesk.protocol.text import lines

ANY_NUMBER = 1 << 30
"""Of lines: a text to its end."""

SHOW_ALL = "Show all"
"""What stands below a text that is cut, and what ``link_at`` calls it."""

LinkSpan = tuple[int, int, str]
"""Where an address begins in a paragraph, how long it is, both as Qt counts, and the address."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: its font, the height of its lines in pixels, the colour of links.

    ``strong`` are names in it that stand out by weight.
    """

    font: QFont
    line: int
    link: QColor
    strong: tuple[str, ...] = ()


class TextBlock:
    """A text at most ``width`` pixels wide and ``most`` lines high; it is as wide as its words.

    ``last_width`` is the width of the last line, 0 where that ends at the right: nothing fits in behind it. ``cut``:
    the text goes on, and the last line is SHOW_ALL, a link to itself.
    """

    __slots__ = ("_lines_left", "_links", "_paragraphs", "_tops", "cut", "height", "last_width", "width")

    def __init__(self, text: str, style: Style, width: float, max_lines: int = ANY_NUMBER) -> None:
        self._paragraphs: list[QTextLayout] = []
        self._links: list[list[LinkSpan]] = []
        self._tops: list[int] = []
        self._lines_left = max_lines
        room = ANY_NUMBER if max_lines == ANY_NUMBER else MAX_SHOWN_CHARACTERS
        self.cut = False
        self.height = 0
        self.width = self.last_width = 0.0
        for words in lines(text):
            self.cut = self.cut or not self._lines_left
            if self.cut:
                break
            self.cut = len(words) > room
            self._add(words[:room].expandtabs(4), style, width)
            room -= len(words)
            if self.cut:
                break
        if self.cut:
            self._lines_left = ANY_NUMBER
            self._add(SHOW_ALL, style, width, [(0, len(SHOW_ALL), SHOW_ALL)])
        self.width = min(ceil(self.width), width)
        if any(_reads_leftwards(paragraph) for paragraph in self._paragraphs):
            self._align()

    def paint(self, painter: QPainter, x: float, y: float) -> None:
        """Draw the text with its upper left corner there, in the painter's pen; of a long one, what is to be seen."""
        top = -painter.worldTransform().dy() - y
        first = max(0, bisect_right(self._tops, top) - 1)
        for paragraph in self._paragraphs[first : bisect_left(self._tops, top + painter.device().height())]:
            paragraph.draw(painter, QPointF(x, y))

    def link_at(self, x: float, y: float) -> str | None:
        """The address under a point of the text, None where there is none."""
        if not 0 <= y < self.height:
            return None
        position = bisect_right(self._tops, y) - 1
        paragraph, found = self._paragraphs[position], self._links[position]
        for number in range(paragraph.lineCount() if found else 0):
            line = paragraph.lineAt(number)
            if line.y() <= y < line.y() + line.height() and 0 <= x - line.x() < line.naturalTextWidth():
                # A cursor stands between letters: the one before the point is what is pointed at.
                at = line.xToCursor(x, line.CursorPosition.CursorOnCharacter)
                return next((url for start, length, url in found if start <= at < start + length), None)
        return None

    def _add(self, words: str, style: Style, width: float, found: list[LinkSpan] | None = None) -> None:
        layout = QTextLayout(words, style.font)
        layout.setCacheEnabled(True)
        layout.setTextOption(OPTION)
        found = list(_links(words)) if found is None else found
        marks = [*emoji_formats(words, style.font), *_strong_formats(words, style)]
        if formats := [*marks, *(_link_format(*link[:2], style.link) for link in found)]:
            layout.setFormats(formats)
        self._paragraphs.append(layout)
        self._links.append(found)
        self._tops.append(self.height)
        self._lay_out(layout, style, width)

    def _lay_out(self, layout: QTextLayout, style: Style, width: float) -> None:
        """One line below the other, as many as there may be."""
        laid_out = 0
        layout.beginLayout()
        while self._lines_left and (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            laid_out = line.textStart() + line.textLength()
            self._lines_left -= 1
            step = max(style.line, ceil(line.height()))  # some scripts, and emoji, stand higher
            line.setPosition(QPointF(0, self.height + (step - line.height()) / 2))
            self.height += step
            self.last_width = line.naturalTextWidth()
            self.width = max(self.width, self.last_width)
        layout.endLayout()
        self.cut |= laid_out < utf16_length(layout.text())

    def _align(self) -> None:
        """What reads leftwards begins at the right edge of the block, not of the measure."""
        for paragraph in self._paragraphs:
            if _reads_leftwards(paragraph):
                for number in range(paragraph.lineCount()):
                    line = paragraph.lineAt(number)
                    line.setPosition(QPointF(self.width - line.naturalTextWidth(), line.y()))
        if _reads_leftwards(self._paragraphs[-1]):
            self.last_width = 0.0


def _reads_leftwards(paragraph: QTextLayout) -> bool:
    """As Qt decides it: by the first letter that has a direction."""
    text, isolates = paragraph.text(), 0
    if text.isascii():
        return False
    for char in text:
        kind = bidirectional(char)
        isolates += (kind in ("LRI", "RLI", "FSI")) - (kind == "PDI" and isolates > 0)
        if not isolates and kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _links(words: str) -> Iterator[LinkSpan]:
    """The addresses in a paragraph, counted as Qt does."""
    at = start = 0
    for position, url in links(words):
        start += utf16_length(words[at:position])
        at = position
        yield start, utf16_length(url), url


def _strong_formats(words: str, style: Style) -> Iterator[QTextLayout.FormatRange]:
    look = QTextCharFormat()
    look.setFontWeight(QFont.Weight.Medium)
    start = 0
    for name in style.strong:
        at = words.find(name, start)
        if at >= 0:
            yield format_range(utf16_length(words[:at]), utf16_length(name), look)
            start = at + len(name)


def _link_format(start: int, length: int, color: QColor) -> QTextLayout.FormatRange:
    look = QTextCharFormat()
    look.setForeground(color)
    look.setFontUnderline(True)
    return format_range(start, length, look)


def _option() -> QTextOption:
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


OPTION = _option()
"""Each paragraph reads in its own direction, and breaks between words while it can."""
