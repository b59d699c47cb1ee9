"""Composing Chinese in each field: its keys do nothing else, and no placeholder is painted under it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.composer import Composer
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.people.people_panel import PeoplePanel
from chatdesk.desktop.widgets.search.search_field import SearchField
from chatdesk.desktop.widgets.start.nickname_edit import NicknameEdit

KEYS = (
    *(Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Tab),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Left, Qt.Key.Key_Backspace),
)


def compose(edit: QWidget, preedit: str, commit: str = "") -> None:
    """Send the event of an input method that composes ``text`` in a field."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(edit, event)


def composer(theme: Theme) -> tuple[QWidget, QWidget]:
    made = Composer(theme, 8000)
    made.set_hint("Message lobby")
    return made, made.edit


def name(theme: Theme) -> tuple[QWidget, QWidget]:
    made = Field(theme, "Your name", edit=NicknameEdit(theme))
    return made, made.edit


def search(theme: Theme) -> tuple[QWidget, QWidget]:
    made = SearchField(theme)
    return made, made


def people_search(theme: Theme) -> tuple[QWidget, QWidget]:
    made = PeoplePanel(theme, PeopleModel())
    made.open_search()
    edit = made.findChild(QLineEdit)
    assert edit is not None
    return made, edit


class KeyRecorder(QWidget):
    """A window that takes note of each key that the field in it has ignored."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())


@pytest.fixture
def key_recorder(qtbot: QtBot) -> KeyRecorder:
    made = KeyRecorder()
    made.resize(600, 200)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("make", [composer, name, search, people_search])
def test_the_keys_of_a_composition_do_nothing_else(
    make: Callable[[Theme], tuple[QWidget, QWidget]], theme: Theme, key_recorder: KeyRecorder, qtbot: QtBot
) -> None:
    field, edit = make(theme)
    field.setParent(key_recorder)
    acted: list[object] = []
    for signal in ("sent", "submitted", "escaped", "list_key_pressed", "query_changed", "returnPressed"):
        for part in {field, edit}:
            if hasattr(part, signal):
                getattr(part, signal).connect(lambda *_: acted.append(True))
    with qtbot.waitActive(key_recorder):
        key_recorder.show()
        key_recorder.activateWindow()
    edit.setFocus()
    compose(edit, "ni hao")
    for key in KEYS:
        QTest.keyClick(edit, key)
    assert (acted, key_recorder.keys) == ([], [])
    assert edit.hasFocus()
    compose(edit, "", "你好")
    assert (edit.text() if isinstance(edit, QLineEdit) else edit.text) == "你好"
    QTest.keyClick(edit, Qt.Key.Key_Return if make is not people_search else Qt.Key.Key_Escape)
    assert acted


def test_no_placeholder_is_painted_under_a_composition(theme: Theme, qtbot: QtBot) -> None:
    made = Composer(theme, 8000)
    qtbot.addWidget(made)
    made.resize(600, 60)
    made.set_hint("MMMMMMMMMMMMMMMMMMMMMMMM")
    made.show()
    ground = theme.color("surface-raised").rgb()

    def is_empty() -> bool:
        """Return whether nothing is painted right of the first word."""
        shown = made.grab(QRect(100, 10, 300, made.height() - 20)).toImage()
        return {shown.pixel(x, y) for x in range(shown.width()) for y in range(shown.height())} == {ground}

    assert not is_empty()
    compose(made.edit, "ni")
    assert is_empty()
    made.resize(610, 60)
    made.set_hint("WWWWWWWWWWWWWWWWWWWWWWWWWW")
    assert is_empty()
    compose(made.edit, "")
    assert not is_empty()
    compose(made.edit, "ni")
    compose(made.edit, "", "你")
    assert is_empty()
