"""One paragraph laid out: lines in its own direction, with links, chips and what is selected of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import cast
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.text_painting import emoji_formats, format_range, utf16_length
from chatdesk.desktop.widgets.timeline.blocks.block import Block, Budget, Part, Selection
from chatdesk.desktop.widgets.timeline.targets import ClickTarget, Link
from chatdesk.protocol.links import links

_CHIP_RADIUS = 4
_AUTO = Qt.LayoutDirection.LayoutDirectionAuto
_MANY_LINES = 60
"""Lines from which on only those on the device are drawn."""


@dataclass(frozen=True, slots=True)
class Style:
    """Font, line height in pixels, and colour of links; ``strong`` are names to be set in a heavier weight."""

    font: QFont
    line: int
    link: QColor
    strong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetSpan:
    """A part of a paragraph that can be clicked, in UTF-16 units."""

    start: int
    length: int
    target: ClickTarget


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of a paragraph on a ground of its own, in UTF-16 units."""

    start: int
    length: int
    fill: QColor
    border: QColor | None = None


@dataclass(slots=True)
class RichText:
    """The text of a paragraph with what stands in it.

    ``inserted`` are the positions, in UTF-16 units, of characters that are not of the message, such as the padding of
    a chip.
    """

    text: str
    formats: list[QTextLayout.FormatRange] = field(default_factory=list)
    targets: list[TargetSpan] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    inserted: list[int] = field(default_factory=list)


class Paragraph(Block):
    """A paragraph of at most ``width`` pixels; it is as wide as its longest line.

    ``number`` counts the paragraphs of a message, ``joint`` stands before it when several are copied.
    """

    __slots__ = ("_chip_rects", "_chips", "_inserted", "_layout", "_targets", "joint", "number")

    def __init__(
        self, content: RichText, style: Style, width: float, budget: Budget, option: QTextOption | None = None
    ) -> None:
        option = option or WRAPPED
        super().__init__()
        self.number, self.joint = 0, "\n"
        self._targets, self._chips, self._inserted = content.targets, content.chips, content.inserted
        self._chip_rects: list[tuple[QRectF, Chip]] | None = None
        self._layout = QTextLayout(content.text, style.font)
        self._layout.setCacheEnabled(True)
        self._layout.setTextOption(option)
        if content.formats:
            self._layout.setFormats(content.formats)
        self._lay_out(style.line, width, budget)
        self.width = min(ceil(self.width), width)
        self.leftwards = option.textDirection() == _AUTO and reads_leftwards(content.text)
        if self.leftwards:
            self.align(Qt.AlignmentFlag.AlignRight, self.width)

    def align(self, alignment: Qt.AlignmentFlag, width: float) -> None:
        """Align its lines within another width, which it then has."""
        self.width, self._chip_rects = width, None
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            free = width - line.naturalTextWidth()
            part = {Qt.AlignmentFlag.AlignLeft: 0.0, Qt.AlignmentFlag.AlignHCenter: 0.5}.get(alignment, 1.0)
            line.setPosition(QPointF(part * free, line.y()))

    @property
    def length(self) -> int:
        """Its length in UTF-16 units, with inserted characters."""
        return utf16_length(self._layout.text())

    def text_between(self, start: int, end: int) -> str:
        """Return what is copied between two positions, in UTF-16 units."""
        units = self._layout.text().encode("utf-16-le", "surrogatepass")
        parts = []
        for inserted in self._inserted:
            if start <= inserted < end:
                parts.append(units[2 * start : 2 * inserted])
                start = inserted + 1
        parts.append(units[2 * start : 2 * end])
        return b"".join(parts).decode("utf-16-le", "replace").replace("\u2028", "\n")

    def unit_at(self, x: float, y: float) -> int:
        """Return the position between two letters that is nearest to a point, in UTF-16 units."""
        line = self._line_at(y)
        return line.xToCursor(x) if line else 0

    def word_at(self, x: float, y: float) -> tuple[int, int]:
        """Return start and end of the word at a point."""
        mode = QTextLayout.CursorMode.SkipWords
        line = self._line_at(y)
        at = line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter) if line else 0
        start = self._layout.previousCursorPosition(at + 1, mode)
        end = self._layout.nextCursorPosition(start, mode)
        units = self._layout.text().encode("utf-16-le", "surrogatepass")
        words = units[2 * start : 2 * end].decode("utf-16-le", "replace")
        return start, end - (len(words) - len(words.rstrip()))

    def paint(self, painter: QPainter, x: float, y: float, selection: Selection | None = None) -> None:
        if self._chip_rects is None:
            self._chip_rects = [(rect, chip) for chip in self._chips for rect in self._rects(chip.start, chip.length)]
        for rect, chip in self._chip_rects:
            paint_panel(painter, rect.translated(x, y), _CHIP_RADIUS, chip.fill, chip.border)
        clip = QRectF()
        if self._layout.lineCount() > _MANY_LINES:
            device = painter.device()
            clip = QRectF(0, -painter.worldTransform().dy(), device.width(), device.height())
        selected = self._selected(selection) if selection else []
        self._layout.draw(painter, QPointF(x, y), selected, clip)

    def target_at(self, x: float, y: float) -> ClickTarget | None:
        line = self._line_at(y) if self._targets else None
        if line is None or not 0 <= x - line.x() < line.naturalTextWidth():
            return None
        # A cursor is between letters; the one before the point is the letter pointed at.
        at = line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)
        spans = (span for span in self._targets if span.start <= at < span.start + span.length)
        return next((span.target for span in spans), None)

    def parts(self) -> Iterator[Part]:
        for span in self._targets:
            yield Part(next(self._rects(span.start, span.length), QRectF()), span.target)

    def _line_at(self, y: float) -> QTextLine | None:
        """Return the line at a height, or the nearest one."""
        layout, low, high = self._layout, 0, self._layout.lineCount() - 1
        while low < high:
            middle = (low + high) // 2
            line = layout.lineAt(middle)
            if y < line.y() + line.height():
                high = middle
            else:
                low = middle + 1
        return layout.lineAt(low) if high >= 0 else None

    def _rects(self, start: int, length: int) -> Iterator[QRectF]:
        """Yield the rectangle of a part of the text in each line."""
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            first, last = max(start, line.textStart()), min(start + length, line.textStart() + line.textLength())
            if first < last:
                left, right = sorted((_x_of(line, first), _x_of(line, last)))
                yield QRectF(left, line.y(), right - left, line.height())

    def _selected(self, selection: Selection) -> list[QTextLayout.FormatRange]:
        start, end = selection.units(self.number, self.length)
        return [format_range(start, end - start, selection.look)] if end > start else []

    def _lay_out(self, step: int, width: float, budget: Budget) -> None:
        """Add lines until the text or the number of lines ends."""
        laid_out, layout = 0, self._layout
        layout.beginLayout()
        while budget.lines and (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            laid_out = line.textStart() + line.textLength()
            budget.lines -= 1
            height = max(step, ceil(line.height()))  # some scripts and emoji are higher
            line.setPosition(QPointF(0, self.height + (height - line.height()) / 2))
            self.height += height
            self.last_width = line.naturalTextWidth()
            self.width = max(self.width, self.last_width)
        layout.endLayout()
        budget.cut |= laid_out < utf16_length(layout.text())


def paragraphs(block: Block, x: float = 0, y: float = 0) -> Iterator[tuple[float, float, Paragraph]]:
    """Yield all paragraphs of a block in reading order, each with its upper left corner; that of the block is given."""
    if isinstance(block, Paragraph):
        yield x, y, block
    for child in block.children:
        yield from paragraphs(child.block, x + child.x, y + child.y)


def _x_of(line: QTextLine, unit: int) -> float:
    """Return where a position is in a line; PySide declares no type for it."""
    x, _ = cast(tuple[float, int], line.cursorToX(unit))
    return x


def plain_text(text: str, style: Style) -> RichText:
    """Return a line of a text that is no markup: emoji are larger, addresses are links."""
    links = [TargetSpan(start, length, Link(url)) for start, length, url in _links(text)]
    formats = [*emoji_formats(text, style.font), *_strong_formats(text, style)]
    formats += [link_format(span.start, span.length, style.link) for span in links]
    return RichText(text, formats, links)


def link_format(start: int, length: int, color: QColor) -> QTextLayout.FormatRange:
    """Return the format of a link, in UTF-16 units."""
    char_format = QTextCharFormat()
    char_format.setForeground(color)
    char_format.setFontUnderline(True)
    return format_range(start, length, char_format)


def reads_leftwards(text: str) -> bool:
    """Return whether a paragraph is right-to-left, as Qt decides: by its first letter with a direction."""
    if text.isascii():
        return False
    isolates = 0
    for char in text:
        kind = bidirectional(char)
        isolates += (kind in ("LRI", "RLI", "FSI")) - (kind == "PDI" and isolates > 0)
        if not isolates and kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _links(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, length and URL of each link in a paragraph, in UTF-16 units."""
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


def _option(wrap: QTextOption.WrapMode, direction: Qt.LayoutDirection) -> QTextOption:
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setTextDirection(direction)
    option.setWrapMode(wrap)
    return option


WRAPPED = _option(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere, _AUTO)
"""Each paragraph has its own direction, and breaks between words if possible."""
UNWRAPPED = _option(QTextOption.WrapMode.ManualWrap, Qt.LayoutDirection.LeftToRight)
"""Code: left-to-right, and its lines are never broken."""
