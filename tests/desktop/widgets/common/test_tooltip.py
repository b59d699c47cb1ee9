"""Tooltips: shown as text, never read out as a description."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.widgets.common.tooltip import set_tooltip
from tests.desktop.inspection import HOSTILE
from tests.desktop.tooltips import tip


def described(button: QPushButton) -> str:
    return QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Description)


def test_it_is_shown_as_text_and_does_not_describe(qtbot: QtBot) -> None:
    button = QPushButton("Settings")
    qtbot.addWidget(button)
    button.show()
    assert tip(button) == ""
    set_tooltip(button, HOSTILE)
    assert "&lt;table&gt;" in tip(button)
    assert "<table>" not in tip(button)
    assert described(button) == ""
    set_tooltip(button, "")
    assert tip(button) == ""


def test_a_description_is_read_out_as_it_is(qtbot: QtBot) -> None:
    button = QPushButton("Search messages")
    qtbot.addWidget(button)
    set_tooltip(button, "Search messages  Ctrl+F", "Ctrl+F")
    assert described(button) == "Ctrl+F"
