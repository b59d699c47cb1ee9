"""The picker of emoji: search, keys, categories, skin tone, what was used last; it gives the focus back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from chatdesk.desktop.emoji_habits import EmojiHabits
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.writing.emoji_picker import EmojiPicker
from tests.desktop.inspection import clipped, texts, unnamed

Key = Qt.Key


@pytest.fixture
def picker(theme: Theme, edit: QPlainTextEdit, habits: EmojiHabits, qtbot: QtBot) -> EmojiPicker:
    made = EmojiPicker(theme, edit, habits)
    made.pick(edit, edit.insertPlainText)
    qtbot.waitUntil(made.search.hasFocus)
    return made


def marked(picker: EmojiPicker) -> str:
    return str(picker.grid.currentIndex().data())


def test_a_word_finds_an_emoji_and_enter_takes_it(picker: EmojiPicker, edit: QPlainTextEdit, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker.search, "robo")
    assert {"1 found", "robot", ":robot:", "🤖"} <= {*texts(picker), picker.grid.cells.index(0, 0).data()}
    QTest.keyClick(picker.search, Key.Key_Return)
    assert edit.toPlainText() == "🤖"
    assert not picker.isVisible()
    assert edit.hasFocus()


def test_arrows_move_in_the_grid_over_headings_while_the_focus_stays(picker: EmojiPicker) -> None:
    moves = [marked(picker)]
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Left, Key.Key_Left, Key.Key_Up):
        QTest.keyClick(picker.search, key)
        moves.append(marked(picker))
    assert moves == ["👍", "🎉", "😃", "😀", "🔧", "🔧"]
    assert picker.search.hasFocus()
    name = picker.grid.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert name == "wrench"


def test_escape_steps_back_once_at_a_time(picker: EmojiPicker, edit: QPlainTextEdit, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker.search, "crimping plier")
    assert "No emoji by that name" in texts(picker)
    assert "Esc clears the search, once more closes" in texts(picker)
    QTest.keyClick(picker.search, Key.Key_Escape)
    assert (picker.search.text(), marked(picker), picker.isVisible()) == ("", "👍", True)
    QTest.keyClick(picker.search, Key.Key_Escape)
    assert (picker.isVisible(), edit.hasFocus(), edit.toPlainText()) == (False, True, "")


def test_a_tab_shows_its_category(picker: EmojiPicker) -> None:
    flags = picker.tabs.buttons[-1]
    assert flags.accessibleName() == "Flags"
    flags.click()
    assert marked(picker) == "🏁"
    assert flags.accessibleDescription() == "shown"


def test_the_skin_tone_and_what_was_used_are_kept(
    theme: Theme, picker: EmojiPicker, edit: QPlainTextEdit, habits: EmojiHabits, qtbot: QtBot
) -> None:
    picker.tone.click()
    qtbot.waitUntil(picker.tones.isVisible)
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Right, Key.Key_Return):
        QTest.keyClick(edit.window().focusWidget(), key)
    assert (habits.tone, picker.search.hasFocus()) == (3, True)
    qtbot.keyClicks(picker.search, "thumbs up")
    QTest.keyClick(picker.search, Key.Key_Return)
    assert edit.toPlainText() == "👍🏽"
    other = EmojiPicker(theme, edit, EmojiHabits(habits._settings))
    other.pick(edit, edit.insertPlainText)
    assert marked(other) == "👍🏽"
    QTest.keyClick(other.search, Key.Key_Return)
    assert edit.toPlainText() == "👍🏽👍🏽"


def test_tab_stays_in_the_picker_and_a_click_beside_closes_it(
    picker: EmojiPicker, edit: QPlainTextEdit, qtbot: QtBot
) -> None:
    QTest.keyClick(picker.search, Key.Key_Tab)
    assert picker.tone.hasFocus()
    QTest.keyClick(picker.tone, Key.Key_Tab)
    assert picker.tabs.buttons[0].hasFocus()
    QTest.keyClick(picker.tabs.buttons[0], Key.Key_Backtab)
    QTest.keyClick(picker.tone, Key.Key_Backtab)
    assert picker.search.hasFocus()
    QTest.mouseClick(edit.window(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not picker.isVisible()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everything_has_a_name_and_nothing_is_cut(picker: EmojiPicker, theme: Theme, scale: float) -> None:
    theme.set_scale(scale)
    theme.choose("high-contrast")
    assert unnamed(picker) == []
    assert clipped(picker) == []
    assert picker.parentWidget().rect().contains(picker.card.translated(picker.pos()))
