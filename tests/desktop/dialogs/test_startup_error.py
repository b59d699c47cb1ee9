"""The startup error is readable in full, also by screen readers, and can be closed by keyboard."""

import pytest
from PySide6.QtCore import QRect, Qt
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs.startup_error import TITLE, StartupErrorDialog
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.label import Label

SENTENCES = ["Short.", f"In /home/{'mara/' * 40}chatdesk.toml, port is 'http': it must be a whole number."]


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("scale", [0.9, 2.0])
def test_all_of_the_sentence_can_be_seen(qtbot: QtBot, theme: Theme, sentence: str, scale: float) -> None:
    theme.set_scale(scale)
    failure = StartupErrorDialog(theme, sentence)
    qtbot.addWidget(failure)
    failure.show()
    labels = failure.findChildren(Label)
    assert [label.text() for label in labels] == [TITLE, sentence]
    for label in labels:
        assert label.height() >= label.heightForWidth(label.width())
        assert failure.rect().contains(QRect(label.pos(), label.size()))
    assert failure.windowTitle() == failure.accessibleName() == TITLE
    assert failure.accessibleDescription() == sentence


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_keys_close_it(qtbot: QtBot, theme: Theme, key: Qt.Key) -> None:
    failure = StartupErrorDialog(theme, "Short.")
    qtbot.addWidget(failure)
    with qtbot.waitActive(failure):
        failure.show()
        failure.activateWindow()
    with qtbot.waitSignal(failure.finished):
        qtbot.keyClick(failure.focusWidget(), key)
    assert not failure.isVisible()
