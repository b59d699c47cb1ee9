"""Questions: answered by click, Enter or Escape, while everything else goes on."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.dialogs.question import Question, ask
from chatdesk.desktop.theme import Theme
from tests.desktop.looking import HOSTILE, clipped, texts, unnamed
from tests.waiting import until

TITLE, TEXT, VERB = "Port 8080 is taken", "Another program uses it. ChatDesk can take 8081 instead.", "Use 8081"


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest_asyncio.fixture
async def asked(theme: Theme, window: QWidget) -> AsyncIterator["asyncio.Task[bool]"]:
    task = asyncio.create_task(ask(theme, window, TITLE, TEXT, VERB))
    await until(lambda: window.findChild(Question))
    yield task
    task.cancel()
    await asyncio.wait([task])


def question(window: QWidget) -> Question:
    found = window.findChild(Question)
    assert found is not None
    return found


def button(window: QWidget, text: str) -> QPushButton:
    return next(button for button in question(window).findChildren(QPushButton) if button.text() == text)


@pytest.mark.parametrize(("text", "answer"), [(VERB, True), ("Cancel", False)])
async def test_a_button_answers(asked: "asyncio.Task[bool]", window: QWidget, text: str, answer: bool) -> None:
    QTest.mouseClick(button(window, text), Qt.MouseButton.LeftButton)
    assert await asked is answer
    await until(lambda: window.findChild(Question) is None)


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Return, True), (Qt.Key.Key_Escape, False)])
async def test_a_key_answers(asked: "asyncio.Task[bool]", window: QWidget, key: Qt.Key, answer: bool) -> None:
    QTest.keyClick(question(window), key)
    assert await asked is answer


async def test_closing_it_says_no(asked: "asyncio.Task[bool]", window: QWidget) -> None:
    question(window).close()
    assert await asked is False


async def test_the_loop_goes_on_meanwhile(asked: "asyncio.Task[bool]", window: QWidget) -> None:
    for _ in range(50):
        await asyncio.sleep(0)
    assert question(window).isVisible()
    assert question(window).isModal()
    assert not asked.done()


async def test_cancelled_it_takes_the_question_back(asked: "asyncio.Task[bool]", window: QWidget) -> None:
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await until(lambda: window.findChild(Question) is None)


async def test_the_verb_is_last_default_and_has_the_keys(asked: "asyncio.Task[bool]", window: QWidget) -> None:
    verb, cancel = button(window, VERB), button(window, "Cancel")
    assert verb.isDefault()
    assert question(window).focusWidget() is verb
    assert verb.x() > cancel.x()


def test_what_it_says_is_plain_and_read_out(qtbot: QtBot, theme: Theme, window: QWidget) -> None:
    asked = Question(theme, window, HOSTILE, HOSTILE, "Do it")
    asked.open()
    assert texts(asked) == [HOSTILE, HOSTILE]
    assert (asked.accessibleName(), asked.accessibleDescription()) == (HOSTILE, HOSTILE)
    assert unnamed(asked) == []


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_nothing_is_cut_at_any_size_of_text(
    qtbot: QtBot, theme: Theme, window: QWidget, direction: Qt.LayoutDirection
) -> None:
    asked = Question(theme, window, TITLE * 3, "x" * 300 + TEXT * 3, VERB)
    asked.setLayoutDirection(direction)
    asked.open()
    for scale in (1.0, 2.0, 0.9):
        theme.set_scale(scale)
        qtbot.waitUntil(lambda: clipped(asked) == [])
        assert asked.width() == theme.px(384)
