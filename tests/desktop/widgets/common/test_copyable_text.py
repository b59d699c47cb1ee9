"""A text and the button that copies it: what the clipboard has, and where the button stands."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.copyable_text import CopyableText, CopyButton
from tests.desktop.inspection import HOSTILE, clipped, texts
from tests.desktop.tooltips import tip

LONG = "[fd00:1234:5678:9abc:def0:1234:5678:9abc]:18080"


def test_a_click_copies_and_the_button_says_so_for_a_while(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    button = CopyButton(theme, "address")
    qtbot.addWidget(button)
    button.set_text_to_copy("http://10.0.0.1:8080/")
    wide = button.sizeHint()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "http://10.0.0.1:8080/"
    assert button.text() == "Copied"
    assert button.grab().toImage().pixelColor(5, 16) == theme.color("success-soft")
    assert button.sizeHint() == wide
    qtbot.waitUntil(lambda: button.text() == "Copy")
    assert button.sizeHint() == wide


def test_its_text_may_say_what_is_copied(qtbot: QtBot, qapp: QApplication) -> None:
    button = CopyButton(Theme(qapp, "light"), "report", "Copy report")
    qtbot.addWidget(button)
    button.set_text_to_copy("All is well.")
    wide = button.sizeHint()
    button.click()
    assert (button.text(), button.sizeHint()) == ("Copied", wide)
    button.set_text_to_copy("All is well.")
    assert (button.text(), button.sizeHint()) == ("Copy report", wide)


def test_another_text_has_not_been_copied_yet(qtbot: QtBot, qapp: QApplication) -> None:
    button = CopyButton(Theme(qapp, "light"), "address")
    qtbot.addWidget(button)
    button.set_text_to_copy("one")
    button.click()
    button.set_text_to_copy(HOSTILE)
    assert button.text() == "Copy"
    assert "<b>" not in tip(button)
    assert button.accessibleName() == "Copy address"


@pytest.fixture
def row(qtbot: QtBot, theme: Theme) -> CopyableText:
    made = CopyableText(theme, "Address, for any browser", "address")
    qtbot.addWidget(made)
    return made


def test_the_shown_text_is_copied_or_another_one(row: CopyableText, qtbot: QtBot) -> None:
    row.set_text("192.168.4.20:8080", "http://192.168.4.20:8080")
    assert texts(row) == ["Address, for any browser", "192.168.4.20:8080"]
    qtbot.mouseClick(row.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "http://192.168.4.20:8080"
    row.set_text("kite-42")
    qtbot.mouseClick(row.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "kite-42"


@pytest.mark.parametrize(("text", "width", "beside"), [("kite-42", 381, True), (LONG, 381, False), (LONG, 1200, True)])
def test_the_button_is_below_where_there_is_no_room_beside(
    row: CopyableText, qtbot: QtBot, text: str, width: int, beside: bool
) -> None:
    row.set_text(text)
    row.fit_to_width(width)
    row.resize(width, row.heightForWidth(width))
    row.show()
    label = row._text
    qtbot.waitUntil(lambda: clipped(row) == [])
    assert (row.copy_button.mapTo(row, QPoint(0, 0)).x() >= label.geometry().right()) is beside


@pytest.mark.parametrize(
    ("text", "width", "size"), [("kite-42", 381, 26), (LONG, 381, 16), (LONG, 640, 22), (LONG, 1200, 26)]
)
def test_a_long_text_is_smaller_before_it_takes_a_second_line(
    row: CopyableText, text: str, width: int, size: int
) -> None:
    row.set_text(text)
    row.fit_to_width(200)
    row.fit_to_width(width)
    assert row._text.font().pixelSize() == size


def test_a_row_without_a_caption_has_none(qtbot: QtBot, theme: Theme) -> None:
    made = CopyableText(theme, "", "command ls", font="code")
    qtbot.addWidget(made)
    made.set_text("ls")
    assert texts(made) == ["ls"]
    assert made.copy_button.accessibleName() == "Copy command ls"
