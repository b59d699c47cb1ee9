"""Lines with emoji: measured as wide as they are painted, and elided where there is no room."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.text_painting import elided, emoji_formats, paint_line, text_width, utf16_length

TEXTS = ("Bolt", "Bolt 🤖", "🤖🤖🤖 Bolt", "نور الهدى", "❤️ نور", "")


@pytest.fixture
def font(theme: Theme) -> QFont:
    return theme.font("ui")


def painted(theme: Theme, font: QFont, text: str, edge: Qt.AlignmentFlag) -> tuple[int, int]:
    """Return where a line, painted into 300 pixels, begins and ends."""
    image = QImage(300, 30, QImage.Format.Format_RGB32)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(theme.color("text"))
    paint_line(painter, QRectF(0, 0, 300, 30), text, edge)
    painter.end()
    ground = theme.color("surface").rgb()
    columns = [x for x in range(300) if any(image.pixel(x, y) != ground for y in range(30))]
    return columns[0], columns[-1] + 1


def test_emoji_count_as_two_units() -> None:
    assert [utf16_length(text) for text in ("a", "é", "🤖", "a🤖b")] == [1, 1, 2, 4]


def test_only_emoji_are_enlarged(font: QFont) -> None:
    (run,) = emoji_formats("Bolt 🤖!", font)
    assert (run.start, run.length) == (5, 2)
    assert run.format.font().pixelSize() > font.pixelSize()
    assert list(emoji_formats("Bolt", font)) == []
    assert list(emoji_formats("نور", font)) == []


@pytest.mark.parametrize("text", TEXTS[:-1])
def test_a_painted_line_has_the_measured_width_at_either_edge(theme: Theme, font: QFont, text: str) -> None:
    width = text_width(text, font)
    left, right = painted(theme, font, text, Qt.AlignmentFlag.AlignLeft)
    assert left <= 3
    assert abs(right - width) <= 3
    left, right = painted(theme, font, text, Qt.AlignmentFlag.AlignRight)
    assert 297 <= right <= 300
    assert abs(300 - left - width) <= 3


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_without_room_is_elided_and_fits(font: QFont, text: str) -> None:
    width = text_width(text, font)
    assert elided(text, font, width + 1) == text
    if width:
        cut = elided(text, font, width - 4)
        assert cut != text
        assert text_width(cut, font) <= width
