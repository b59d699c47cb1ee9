"""A text laid out for painting: each paragraph in its own direction, with links, never as markup."""

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
"""A number of lines that is never reached."""

SHOW_ALL = "Show all"
"""The line below a text that is cut; ``link_at`` returns it for that line."""

LinkSpan = tuple[int, int, str]
"""Start and length of a URL in a paragraph, in UTF-16 units, and the URL."""


@dataclass(frozen=True, slots=True)
class Style:
    """Font, line height in pixels, and colour of links; ``strong`` are names to be set in a heavier weight."""

    font: QFont
    line: int
    link: QColor
    strong: tuple[str, ...] = ()


class TextBlock:
    """A text of at most ``width`` pixels and ``max_lines`` lines; its own ``width`` is that of its longest line.

    ``last_width`` is the width of the last line, or 0 if it is right-aligned and nothing fits behind it. If ``cut``,
    the text is longer, and the last line is the link SHOW_ALL.
    """

    __slots__ = ("_lines_left", "_links", "_paragraphs", "_tops", "cut", "height", "last_width", "width")

    def __init__(self, text: str, style: Style, width: float, max_lines: int = ANY_NUMBER) -> None:
        self._paragraphs: list[QTextLayout] = []
        self._links: list[list[LinkSpan]] = []
        self._tops: list[int] = []
        self._lines_left = max_lines
        remaining = ANY_NUMBER if max_lines == ANY_NUMBER else MAX_SHOWN_CHARACTERS
        self.cut = False
        self.height = 0
        self.width = self.last_width = 0.0
        for line in lines(text):
            self.cut = self.cut or not self._lines_left
            if self.cut:
                break
            self.cut = len(line) > remaining
            self._add(line[:remaining].expandtabs(4), style, width)
            remaining -= len(line)
            if self.cut:
                break
        if self.cut:
            self._lines_left = ANY_NUMBER
            self._add(SHOW_ALL, style, width, [(0, len(SHOW_ALL), SHOW_ALL)])
        self.width = min(ceil(self.width), width)
        if any(_reads_leftwards(paragraph) for paragraph in self._paragraphs):
            self._align()

    def paint(self, painter: QPainter, x: float, y: float) -> None:
        """Paint the text with its upper left corner at a point, in the painter's pen; only paragraphs on the device."""
        top = -painter.worldTransform().dy() - y
        first = max(0, bisect_right(self._tops, top) - 1)
        for paragraph in self._paragraphs[first : bisect_left(self._tops, top + painter.device().height())]:
            paragraph.draw(painter, QPointF(x, y))

    def link_at(self, x: float, y: float) -> str | None:
        """Return the URL at a point of the text; None if there is none."""
        if not 0 <= y < self.height:
            return None
        position = bisect_right(self._tops, y) - 1
        paragraph, spans = self._paragraphs[position], self._links[position]
        for number in range(paragraph.lineCount() if spans else 0):
            line = paragraph.lineAt(number)
            if line.y() <= y < line.y() + line.height() and 0 <= x - line.x() < line.naturalTextWidth():
                # A cursor is between letters; the one before the point is the letter pointed at.
                at = line.xToCursor(x, line.CursorPosition.CursorOnCharacter)
                return next((url for start, length, url in spans if start <= at < start + length), None)
        return None

    def _add(self, text: str, style: Style, width: float, spans: list[LinkSpan] | None = None) -> None:
        layout = QTextLayout(text, style.font)
        layout.setCacheEnabled(True)
        layout.setTextOption(OPTION)
        spans = list(_links(text)) if spans is None else spans
        marks = [*emoji_formats(text, style.font), *_strong_formats(text, style)]
        if formats := [*marks, *(_link_format(*link[:2], style.link) for link in spans)]:
            layout.setFormats(formats)
        self._paragraphs.append(layout)
        self._links.append(spans)
        self._tops.append(self.height)
        self._lay_out(layout, style, width)

    def _lay_out(self, layout: QTextLayout, style: Style, width: float) -> None:
        """Add lines until the text or the number of lines ends."""
        laid_out = 0
        layout.beginLayout()
        while self._lines_left and (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            laid_out = line.textStart() + line.textLength()
            self._lines_left -= 1
            step = max(style.line, ceil(line.height()))  # some scripts and emoji are higher
            line.setPosition(QPointF(0, self.height + (step - line.height()) / 2))
            self.height += step
            self.last_width = line.naturalTextWidth()
            self.width = max(self.width, self.last_width)
        layout.endLayout()
        self.cut |= laid_out < utf16_length(layout.text())

    def _align(self) -> None:
        """Align right-to-left paragraphs to the right edge of the block instead of the available width."""
        for paragraph in self._paragraphs:
            if _reads_leftwards(paragraph):
                for number in range(paragraph.lineCount()):
                    line = paragraph.lineAt(number)
                    line.setPosition(QPointF(self.width - line.naturalTextWidth(), line.y()))
        if _reads_leftwards(self._paragraphs[-1]):
            self.last_width = 0.0


def _reads_leftwards(paragraph: QTextLayout) -> bool:
    """Return whether a paragraph is right-to-left, as Qt decides: by its first letter with a direction."""
    text, isolates = paragraph.text(), 0
    if text.isascii():
        return False
    for char in text:
        kind = bidirectional(char)
        isolates += (kind in ("LRI", "RLI", "FSI")) - (kind == "PDI" and isolates > 0)
        if not isolates and kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _links(text: str) -> Iterator[LinkSpan]:
    """Yield the URLs in a paragraph, in UTF-16 units."""
    at = start = 0
    for position, url in links(text):
        start += utf16_length(text[at:position])
        at = position
        yield start, utf16_length(url), url


def _strong_formats(text: str, style: Style) -> Iterator[QTextLayout.FormatRange]:
    char_format = QTextCharFormat()
    char_format.setFontWeight(QFont.Weight.Medium)
    start = 0
    for name in style.strong:
        at = text.find(name, start)
        if at >= 0:
            yield format_range(utf16_length(text[:at]), utf16_length(name), char_format)
            start = at + len(name)


def _link_format(start: int, length: int, color: QColor) -> QTextLayout.FormatRange:
    char_format = QTextCharFormat()
    char_format.setForeground(color)
    char_format.setFontUnderline(True)
    return format_range(start, length, char_format)


def _option() -> QTextOption:
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


OPTION = _option()
"""Each paragraph has its own direction, and breaks between words if possible."""
