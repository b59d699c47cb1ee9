"""The composer answers and edits messages: a line says which, Escape leaves it, and nothing written is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.composer import Answering, Composer


@pytest.fixture
def composer(qtbot: QtBot, theme: Theme) -> Composer:
    made = Composer(theme, 100)
    qtbot.addWidget(made)
    made.resize(600, 48)
    made.show()
    return made


def press(qtbot: QtBot, composer: Composer, key: Qt.Key) -> None:
    qtbot.keyClick(composer.edit, key)


def test_an_answer_stands_in_the_composer_until_it_is_sent(composer: Composer, qtbot: QtBot) -> None:
    low = composer.sizeHint().height()
    composer.answer(7, "Kit", "Hello\nthere", QColor("red"))
    assert composer.context.isVisible()
    assert composer.sizeHint().height() == low + composer.context.height()
    assert composer.context.accessibleName() == "Kit: Hello\nthere"
    tasks: list[object] = []
    composer.sent.connect(lambda _text: tasks.append(composer.task))
    composer.edit.setPlainText("Yes")
    press(qtbot, composer, Qt.Key.Key_Return)
    assert tasks == [Answering(7)]
    assert (composer.task, composer.context.isVisible(), composer.sizeHint().height()) == (None, False, low)


def test_escape_leaves_the_answer_and_the_text_stays(composer: Composer, qtbot: QtBot) -> None:
    composer.edit.setPlainText("Half a sent")
    composer.answer(7, "Kit", "Hello", QColor("red"))
    press(qtbot, composer, Qt.Key.Key_Escape)
    assert (composer.task, composer.edit.text) == (None, "Half a sent")


def test_an_edit_brings_the_draft_back(composer: Composer, qtbot: QtBot) -> None:
    """Behaviour 22: what was written before is there again, sent or not."""
    composer.edit.setPlainText("A draft")
    composer.edit_message(7, "Old")
    assert (composer.edit.text, composer.draft) == ("Old", "A draft")
    with qtbot.assertNotEmitted(composer.sent), qtbot.waitSignal(composer.edited) as edited:
        composer.edit.setPlainText("New")
        press(qtbot, composer, Qt.Key.Key_Return)
    assert edited.args == [7, "New"]
    assert composer.edit.text == "A draft"
    composer.edit_message(7, "New")
    press(qtbot, composer, Qt.Key.Key_Escape)
    assert composer.edit.text == "A draft"


def test_an_edit_to_nothing_asks_what_is_meant(composer: Composer, qtbot: QtBot) -> None:
    """Behaviour 3."""
    composer.edit_message(7, "Old")
    composer.edit.clear()
    with qtbot.waitSignal(composer.emptied) as emptied, qtbot.assertNotEmitted(composer.edited):
        press(qtbot, composer, Qt.Key.Key_Return)
    assert emptied.args == [7]
