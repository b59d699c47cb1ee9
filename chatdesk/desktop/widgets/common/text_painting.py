"""Measuring, eliding and painting one line of text, with emoji enlarged.

Emoji fill less of their line than letters do. They are set larger, to look as high as the letters around them.
"""

import re
from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

_EMOJI = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff][\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff]*")
_EMOJI_SCALE = 1.2  # an emoji then reaches from the baseline to the height of a capital
_MAX_EMOJI = 200  # enlarged in a text: names and lines have fewer, and each format costs layout time


def utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 units, as Qt counts it: most emoji are two units."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def format_range(start: int, length: int, char_format: QTextCharFormat) -> QTextLayout.FormatRange:
    """Return a format for a part of a text; ``start`` and ``length`` are in UTF-16 units."""
    text_format = QTextLayout.FormatRange()
    text_format.start, text_format.length = start, length
    text_format.format = char_format
    return text_format


def emoji_formats(text: str, font: QFont) -> Iterator[QTextLayout.FormatRange]:
    """Yield the formats that enlarge the emoji of a text in this font."""
    if text.isascii():
        return
    enlarged = QTextCharFormat()
    enlarged.setFont(_larger(font))
    for match in islice(_EMOJI.finditer(text), _MAX_EMOJI):
        yield format_range(utf16_length(text[: match.start()]), utf16_length(match[0]), enlarged)


def text_width(text: str, font: QFont) -> float:
    """Return the width of the text in one line, in pixels."""
    width = QFontMetricsF(font).horizontalAdvance(text)
    return width if text.isascii() else width + _extra_width(text, font)


def elided(text: str, font: QFont, max_width: float) -> str:
    """Return the text, with an ellipsis at its end where it is wider than ``max_width`` pixels."""
    if not text.isascii() and text_width(text, font) > max_width:
        max_width -= _extra_width(text, font)
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max_width)


def paint_line(
    painter: QPainter, rect: QRectF, text: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
) -> None:
    """Draw one line in the painter's font and pen, vertically centred, at the left or right edge of the rectangle."""
    if text.isascii():
        painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute, text)
        return
    layout = QTextLayout(text, painter.font(), painter.device())
    option = QTextOption(align | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    layout.setFormats(list(emoji_formats(text, painter.font())))
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(rect.width())
    layout.endLayout()
    metrics = QFontMetricsF(painter.font())
    baseline = rect.top() + (rect.height() - metrics.height()) / 2 + metrics.ascent()
    layout.draw(painter, QPointF(rect.left(), baseline - line.ascent()))


def _larger(font: QFont) -> QFont:
    larger = QFont(font)
    larger.setPixelSize(round(font.pixelSize() * _EMOJI_SCALE))
    return larger


def _extra_width(text: str, font: QFont) -> float:
    """Return by how many pixels the enlarged emoji are wider than emoji of the letters' size."""
    letters, pictures = QFontMetricsF(font), QFontMetricsF(_larger(font))
    found = (found[0] for found in islice(_EMOJI.finditer(text), _MAX_EMOJI))
    return sum(pictures.horizontalAdvance(emoji) - letters.horizontalAdvance(emoji) for emoji in found)
