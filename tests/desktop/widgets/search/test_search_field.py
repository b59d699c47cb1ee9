"""The search field: when it emits a query, and which keys it passes on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.search.search_field import SearchField
from chatdesk.protocol.limits import QUERY_CHARS


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 100)
    return made


@pytest.fixture
def field(window: QWidget, theme: Theme, qtbot: QtBot) -> SearchField:
    made = SearchField(theme)
    made.setParent(window)
    made.resize(made.sizeHint())
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    made.setFocus()
    return made


@pytest.fixture
def asked(field: SearchField) -> list[str]:
    heard: list[str] = []
    field.query_changed.connect(heard.append)
    return heard


def test_it_has_the_size_of_the_design(field: SearchField, theme: Theme) -> None:
    assert field.sizeHint().toTuple() == (216, 32)
    theme.set_scale(2.0)
    assert (field.sizeHint().toTuple(), field.height()) == ((432, 64), 64)


def test_typing_without_a_pause_emits_one_query(field: SearchField, asked: list[str], qtbot: QtBot) -> None:
    qtbot.keyClicks(field, " bench 4 ")
    assert asked == []
    qtbot.waitUntil(lambda: asked == ["bench 4"])
    qtbot.keyClicks(field, " ")
    field.clear()
    qtbot.waitUntil(lambda: asked == ["bench 4", ""])


def test_pasted_text_becomes_one_clean_query(field: SearchField, asked: list[str], qtbot: QtBot) -> None:
    QApplication.clipboard().setText("\x1b[1mbench\x1b[0m\n4\n")
    field.paste()
    qtbot.waitUntil(lambda: asked == ["bench 4"])


def test_enter_searches_at_once_and_a_second_enter_submits(field: SearchField, asked: list[str], qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(field.submitted):
        qtbot.keyClicks(field, "bench")
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked == ["bench"]
    with qtbot.waitSignal(field.submitted):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.assertNotEmitted(field.query_changed, wait=300):
        pass


def test_keys_for_the_list_are_passed_on_and_escape_is_emitted(field: SearchField, qtbot: QtBot) -> None:
    keys: list[int] = []
    field.list_key_pressed.connect(lambda event: keys.append(event.key()))
    moves = [Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp]
    for key in moves:
        qtbot.keyClick(field, key)
    assert keys == moves
    with qtbot.waitSignal(field.escaped):
        qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_a_query_is_no_longer_than_the_protocol_allows(field: SearchField) -> None:
    field.setText("x" * 500)
    assert len(field.text()) == QUERY_CHARS


def inked(field: SearchField, columns: range, color: QColor) -> bool:
    image = field.grab().toImage()
    return any(image.pixelColor(x, y) == color for x in columns for y in range(6, 26))


def test_the_shortcut_is_painted_until_the_field_is_used(field: SearchField, window: QWidget, theme: Theme) -> None:
    cap, color = range(170, 205), theme.color("border")
    assert not inked(field, cap, color)
    window.setFocus()
    assert inked(field, cap, color)
    field.setText("bench")
    assert not inked(field, cap, color)


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_magnifying_glass_is_at_the_start_of_the_text(
    field: SearchField, theme: Theme, direction: Qt.LayoutDirection
) -> None:
    field.setLayoutDirection(direction)
    field.setText("bench")
    mirrored = direction == Qt.LayoutDirection.RightToLeft
    glass = range(216 - 27, 216 - 11) if mirrored else range(11, 27)
    image = field.grab().toImage()
    assert min(image.pixelColor(x, y).lightness() for x in glass for y in range(6, 26)) < 130
    beside = range(216 - 33, 216 - 28) if mirrored else range(28, 33)
    assert {image.pixelColor(x, 16).name() for x in beside} == {theme.color("surface-raised").name()}
