"""Typed characters are distinguished from shortcuts."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from chatdesk.desktop.keys import is_text_key

NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "letter"),
    [
        (Qt.Key.Key_A, NONE, "a", True),
        (Qt.Key.Key_A, SHIFT, "A", True),
        (Qt.Key.Key_Eacute, NONE, "é", True),
        (Qt.Key.Key_A, CTRL, "\x01", False),
        (Qt.Key.Key_C, CTRL, "c", False),
        (Qt.Key.Key_Up, NONE, "", False),
        (Qt.Key.Key_Return, NONE, "\r", False),
        (Qt.Key.Key_Escape, NONE, "\x1b", False),
    ],
)
def test_only_keys_that_write_do(key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, letter: bool) -> None:
    assert is_text_key(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)) is letter
