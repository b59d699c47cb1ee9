"""The typing indicator: one line that keeps its height."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.typing_indicator import TypingIndicator, sentence_parts
from chatdesk.protocol.text import isolated
from tests.desktop.inspection import HOSTILE


@pytest.fixture
def line(qtbot: QtBot, theme: Theme) -> TypingIndicator:
    made = TypingIndicator(theme)
    qtbot.addWidget(made)
    made.resize(900, 26)
    return made


def sentence(*names: str) -> str:
    return "".join(text for text, _ in sentence_parts(names))


def inked(image: QImage) -> list[int]:
    ground = image.pixel(0, 0)
    return [x for x in range(image.width()) if any(image.pixel(x, y) != ground for y in range(image.height()))]


def test_the_sentence_names_up_to_three() -> None:
    assert sentence() == ""
    assert sentence("Aiko") == "Aiko is typing"
    assert sentence("Kit", "Bolt 🤖") == "Kit and Bolt 🤖 are typing"
    assert sentence("Kit", "Priya", "Ines") == "Kit, Priya and Ines are typing"
    assert sentence(*"abcdef") == "6 people are typing"
    assert sentence(*map(str, range(100))) == "100 or more people are typing"
    assert [strong for _, strong in sentence_parts(["Kit", "Priya"])] == [True, False, True, False]


def test_with_nobody_typing_it_is_empty_and_as_high(line: TypingIndicator, theme: Theme) -> None:
    assert line.sizeHint().height() == 26
    assert inked(line.grab().toImage()) == []
    line.set_names(["Kit"])
    assert line.sizeHint().height() == 26
    assert len(inked(line.grab().toImage())) > 50
    theme.set_scale(2.0)
    assert line.sizeHint().height() == 52


def test_it_is_read_out_as_one_sentence(line: TypingIndicator) -> None:
    line.set_names([HOSTILE, "\u2067נור", "two\nlines"])
    assert line.accessibleName() == f"{isolated(HOSTILE)}, \u2068נור\u2069 and two lines are typing"
    line.set_names([])
    assert line.accessibleName() == ""


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [580, 1200])
def test_long_names_leave_room_for_the_words_after_them(
    line: TypingIndicator, theme: Theme, scale: float, width: int
) -> None:
    theme.set_scale(scale)
    line.resize(width, line.sizeHint().height())
    line.set_names(["W" * 32, "M" * 32, "Kit"])
    assert inked(line.grab().toImage())[-1] <= width - theme.px(24) + 2


def test_the_text_begins_with_that_of_the_timeline_and_the_dots_left_of_it(line: TypingIndicator) -> None:
    line.set_names(["Kit"])
    columns = inked(line.grab().toImage())
    assert any(abs(x - 72) <= 2 for x in columns)
    assert columns[0] < 60
    assert not any(60 < x < 70 for x in columns)
