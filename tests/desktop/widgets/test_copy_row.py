"""A text and the button that copies it: beside each other where there is room."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.copy_row import CopyRow
from tests.desktop.looking import clipped, texts

LONG = "[fd00:1234:5678:9abc:def0:1234:5678:9abc]:18080"


@pytest.fixture
def row(qtbot: QtBot, theme: Theme) -> CopyRow:
    made = CopyRow(theme, "Address, for any browser", "address")
    qtbot.addWidget(made)
    return made


def test_what_is_shown_is_copied_or_what_is_meant_by_it(row: CopyRow, qtbot: QtBot) -> None:
    row.set_text("192.168.4.20:8080", "http://192.168.4.20:8080")
    assert texts(row) == ["Address, for any browser", "192.168.4.20:8080"]
    qtbot.mouseClick(row.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "http://192.168.4.20:8080"
    row.set_text("kite-42")
    qtbot.mouseClick(row.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "kite-42"


@pytest.mark.parametrize(("text", "width", "beside"), [("kite-42", 381, True), (LONG, 381, False), (LONG, 1200, True)])
def test_the_button_stands_below_where_there_is_no_room_beside(
    row: CopyRow, qtbot: QtBot, text: str, width: int, beside: bool
) -> None:
    row.set_text(text)
    row.fit(width)
    row.resize(width, row.heightForWidth(width))
    row.show()
    label = row._text
    qtbot.waitUntil(lambda: clipped(row) == [])
    assert (row.copy.mapTo(row, QPoint(0, 0)).x() >= label.geometry().right()) is beside


@pytest.mark.parametrize(
    ("text", "width", "size"), [("kite-42", 381, 26), (LONG, 381, 16), (LONG, 640, 22), (LONG, 1200, 26)]
)
def test_a_long_text_is_smaller_before_it_takes_a_second_line(row: CopyRow, text: str, width: int, size: int) -> None:
    row.set_text(text)
    row.fit(200)
    row.fit(width)
    assert row._text.font().pixelSize() == size


def test_a_row_without_a_caption_has_none(qtbot: QtBot, theme: Theme) -> None:
    made = CopyRow(theme, "", "command ls", font="code")
    qtbot.addWidget(made)
    made.set_text("ls")
    assert texts(made) == ["ls"]
    assert made.copy.accessibleName() == "Copy command ls"
