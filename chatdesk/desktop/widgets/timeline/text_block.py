"""A text laid out as people read it: each paragraph in its own direction, links in sight, no markup ever."""

import re
from dataclasses import dataclass
from math import ceil
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption

_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_BEHIND_A_LINK = ".,:;!?'’)]}"


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: its font, the height of its lines in pixels, the colour of links."""

    font: QFont
    line: int
    link: QColor


class TextBlock:
    """A text at most ``width`` pixels wide; it is as wide as its words.

    ``last_width`` is the width of the last line, 0 where that ends at the right: nothing fits in behind it.
    """

    __slots__ = ("_links", "_paragraphs", "height", "last_width", "width")

    def __init__(self, text: str, style: Style, width: float) -> None:
        self._paragraphs: list[QTextLayout] = []
        self._links: list[list[tuple[int, int, str]]] = []
        self.height = 0
        self.width = self.last_width = 0.0
        for words in text.split("\n"):
            self._add(words.expandtabs(4).rstrip("\r"), style, width)
        self.width = min(ceil(self.width), width)
        if any(_reads_leftwards(paragraph) for paragraph in self._paragraphs):
            self._align()

    def paint(self, painter: QPainter, x: float, y: float) -> None:
        """Draw the text with its upper left corner there, in the painter's pen."""
        for paragraph in self._paragraphs:
            paragraph.draw(painter, QPointF(x, y))

    def link_at(self, x: float, y: float) -> str | None:
        """The address under a point of the text, None where there is none."""
        for paragraph, links in zip(self._paragraphs, self._links, strict=True):
            for number in range(paragraph.lineCount()):
                line = paragraph.lineAt(number)
                if links and line.y() <= y < line.y() + line.height() and 0 <= x - line.x() < line.naturalTextWidth():
                    # A cursor stands between letters: the one before the point is what is pointed at.
                    place = line.xToCursor(x, line.CursorPosition.CursorOnCharacter)
                    return next((url for start, length, url in links if start <= place < start + length), None)
        return None

    def _add(self, words: str, style: Style, width: float) -> None:
        layout = QTextLayout(words, style.font)
        layout.setCacheEnabled(True)
        layout.setTextOption(_OPTION)
        links = [
            (_units(words[: found.start()]), _units(url), url)
            for found in _LINK.finditer(words)
            if (url := _trimmed(found[0]))
        ]
        if links:
            layout.setFormats([_link_format(start, length, style.link) for start, length, _ in links])
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            step = max(style.line, ceil(line.height()))  # some scripts, and emoji, stand higher
            line.setPosition(QPointF(0, self.height + (step - line.height()) / 2))
            self.height += step
            self.last_width = line.naturalTextWidth()
            self.width = max(self.width, self.last_width)
        layout.endLayout()
        self._paragraphs.append(layout)
        self._links.append(links)

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
    text = paragraph.text()
    if text.isascii():
        return False
    return next((kind for char in text if (kind := bidirectional(char)) in ("L", "R", "AL")), "L") != "L"


def _units(text: str) -> int:
    """The length of a text as Qt counts it: most emoji are two of its units."""
    return len(text) + sum(char > "\uffff" for char in text)


def _trimmed(url: str) -> str:
    """An address without the punctuation of the sentence it stands in."""
    while url and url[-1] in _BEHIND_A_LINK and not (url[-1] == ")" and url.count("(") >= url.count(")")):
        url = url[:-1]
    return url if url.partition("://")[2] else ""


def _link_format(start: int, length: int, color: QColor) -> QTextLayout.FormatRange:
    link = QTextLayout.FormatRange()
    link.start, link.length = start, length
    look = QTextCharFormat()
    look.setForeground(color)
    look.setFontUnderline(True)
    link.format = look
    return link


def _option() -> QTextOption:
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


_OPTION = _option()
