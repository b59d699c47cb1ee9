"""Completion in the window: it opens while one writes, the focus stays, and keys choose."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from chatdesk.client.completion import Place
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.writing.completer import Completer
from chatdesk.desktop.widgets.writing.completion_popup import CompletionPopup
from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.events import User
from tests.desktop.inspection import HOSTILE, clipped

PEOPLE = [
    User("Alexandrina von Hohenberg", "online", ""),
    User("Alma", "away", "", author="a1"),
    User(HOSTILE, "online", ""),
]
Key = Qt.Key


@pytest.fixture
def completer(theme: Theme, edit: QPlainTextEdit) -> Completer:
    return Completer(theme, edit, edit, lambda _query: Place("build-floor", PEOPLE, 3, True), lambda: 3)


def popup(completer: Completer) -> CompletionPopup:
    assert completer.popup
    return completer.popup


def rows(completer: Completer) -> list[str]:
    if not completer.popup or not completer.popup.isVisible():
        return []
    model = completer.popup.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_a_name_is_chosen_by_keys_while_the_focus_stays(
    completer: Completer, edit: QPlainTextEdit, qtbot: QtBot
) -> None:
    """Behaviour 9."""
    qtbot.keyClicks(edit, "Ask @al")
    assert rows(completer) == ["Alexandrina von Hohenberg", "Alma", "all 3 in this room"]
    assert edit.hasFocus()
    window, shown = edit.window(), popup(completer)
    assert shown.mapTo(window, shown.card.bottomLeft()).y() + 1 + 8 == edit.mapTo(window, edit.rect().topLeft()).y()
    QTest.keyClick(edit, Key.Key_Up)
    assert popup(completer).list.currentIndex().row() == 2
    QTest.keyClick(edit, Key.Key_Home)
    QTest.keyClick(edit, Key.Key_Down)
    index = popup(completer).list.currentIndex()
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Alma, away"
    QTest.keyClick(edit, Key.Key_Tab)
    assert edit.toPlainText() == "Ask @Alma "
    assert completer.take_mentions("Ask @Alma ") == (Mentioned("Alma", "a1"),)
    assert completer.take_mentions("Ask @Alma ") == ()
    assert rows(completer) == []
    edit.undo()
    assert edit.toPlainText().startswith("Ask @al")


def test_escape_leaves_the_text_and_asks_no_more_for_this_word(
    completer: Completer, edit: QPlainTextEdit, qtbot: QtBot
) -> None:
    qtbot.keyClicks(edit, "@a")
    QTest.keyClick(edit, Key.Key_Escape)
    qtbot.keyClicks(edit, "l")
    assert (rows(completer), edit.toPlainText()) == ([], "@al")
    qtbot.keyClicks(edit, " and @al")
    assert rows(completer)


def test_emoji_are_completed_in_the_tone_of_the_person(
    completer: Completer, edit: QPlainTextEdit, qtbot: QtBot
) -> None:
    edit.insertPlainText("😀 ")
    qtbot.keyClicks(edit, ":thumbsu")
    assert rows(completer) == [":thumbsup:"]
    QTest.keyClick(edit, Key.Key_Return)
    assert edit.toPlainText() == "😀 👍🏽 "
    qtbot.keyClicks(edit, "at 10:30: :robot:")
    assert edit.toPlainText() == "😀 👍🏽 at 10:30: 🤖"


def test_a_click_takes_a_choice_and_moving_away_closes(
    completer: Completer, edit: QPlainTextEdit, qtbot: QtBot
) -> None:
    edit.insertPlainText("x\n/sh")
    assert rows(completer) == []
    edit.clear()
    qtbot.keyClicks(edit, "/")
    assert len(rows(completer)) > 1
    QTest.keyClick(edit, Key.Key_Left)
    assert rows(completer) == []
    edit.clear()
    qtbot.keyClicks(edit, "/s")
    view = popup(completer).list
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(0, 0)).center())
    assert edit.toPlainText() == "/shrug "


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_and_hostile_names_are_only_text(
    completer: Completer, edit: QPlainTextEdit, qtbot: QtBot, theme: Theme, scale: float
) -> None:
    theme.set_scale(scale)
    theme.choose("high-contrast")
    qtbot.keyClicks(edit, f"@{HOSTILE[:2]}")
    assert HOSTILE in rows(completer)
    shown = popup(completer)
    assert clipped(shown) == []
    assert not shown.grab().isNull()
