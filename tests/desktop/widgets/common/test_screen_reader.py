"""What screen readers are told: where the focus is, and that a menu opens."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.widgets.common import screen_reader as module
from chatdesk.desktop.widgets.common.screen_reader import CaretAtEnd, open_menu


def test_focusing_a_field_does_not_move_its_caret(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    first, second = QLineEdit("Room"), QLineEdit()
    for edit in (first, second):
        layout.addWidget(edit)
        CaretAtEnd(edit)
    window.show()
    window.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    moved: list[tuple[int, int]] = []
    second.cursorPositionChanged.connect(lambda *places: moved.append(places))
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    assert moved == []
    qtbot.keyClicks(second, "kite-42")
    qtbot.keyClick(second, Qt.Key.Key_Home)
    qtbot.keyClick(second, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert first.hasFocus()
    moved.clear()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.selectedText() == "kite-42"
    assert moved == []


def test_a_field_that_loses_the_focus_for_a_while_keeps_its_caret(qtbot: QtBot) -> None:
    edit = QLineEdit("kite-42")
    qtbot.addWidget(edit)
    CaretAtEnd(edit)
    edit.show()
    edit.setCursorPosition(2)
    QApplication.sendEvent(edit, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason))
    assert edit.cursorPosition() == 2
    QApplication.sendEvent(edit, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason))
    assert edit.cursorPosition() == 7


def test_a_menu_is_named_as_it_opens(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _source, text: heard.append(text))
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = QMenu(parent)
    menu.setAccessibleName("Network")
    menu.addAction("Wi-Fi")
    open_menu(menu, parent.pos())
    assert heard == ["Network menu"]
    assert menu.isVisible()
    menu.close()
