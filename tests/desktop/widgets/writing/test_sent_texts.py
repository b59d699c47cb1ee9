"""Ctrl+Up brings back what one has sent; Up in an empty field edits the last message."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from chatdesk.desktop.widgets.writing.sent_texts import SentTexts

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def test_earlier_texts_come_back_and_what_was_being_written_is_not_lost(edit: QPlainTextEdit) -> None:
    sent = SentTexts(edit)
    for text in ("first", "second", "first"):
        sent.add(text)
    edit.setPlainText("half a sen")
    shown = []
    for key in (Key.Key_Up, Key.Key_Up, Key.Key_Up, Key.Key_Down, Key.Key_Down):
        QTest.keyClick(edit, key, CONTROL)
        shown.append(edit.toPlainText())
    assert shown == ["first", "second", "second", "first", "half a sen"]


def test_up_in_an_empty_field_edits_the_last_message(edit: QPlainTextEdit, qtbot: QtBot) -> None:
    sent = SentTexts(edit)
    with qtbot.waitSignal(sent.edit_last_requested):
        QTest.keyClick(edit, Key.Key_Up)
    edit.setPlainText("text")
    with qtbot.assertNotEmitted(sent.edit_last_requested):
        QTest.keyClick(edit, Key.Key_Up)
