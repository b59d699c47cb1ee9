"""Confirmations are answered by click, Enter or Escape, while everything else goes on."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from chatdesk.desktop.dialogs.confirm import ConfirmSheet, confirm
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import DANGER
from tests.desktop.inspection import HOSTILE, clipped, texts, unnamed
from tests.waiting import until

TITLE, TEXT, VERB = "Port 8080 is taken", "Another program uses it. ChatDesk can take 8081 instead.", "Use 8081"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    edit = QLineEdit(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    edit.setFocus()
    return made


@pytest_asyncio.fixture
async def asked(theme: Theme, window: QWidget) -> AsyncIterator["asyncio.Task[str]"]:
    task = asyncio.create_task(confirm(theme, window, TITLE, TEXT, VERB))
    await until(lambda: window.findChild(ConfirmSheet))
    yield task
    task.cancel()
    await asyncio.wait([task])


def confirm_sheet(window: QWidget) -> ConfirmSheet:
    found = window.findChild(ConfirmSheet)
    assert found is not None
    return found


def button(window: QWidget, text: str) -> QPushButton:
    return next(button for button in confirm_sheet(window).findChildren(QPushButton) if button.text() == text)


@pytest.mark.parametrize(("text", "answer"), [(VERB, VERB), ("Cancel", "")])
async def test_a_button_answers(asked: "asyncio.Task[str]", window: QWidget, text: str, answer: str) -> None:
    QTest.mouseClick(button(window, text), Qt.MouseButton.LeftButton)
    assert await asked == answer
    await until(lambda: window.findChild(ConfirmSheet) is None)


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Return, VERB), (Qt.Key.Key_Escape, "")])
async def test_a_key_answers(asked: "asyncio.Task[str]", window: QWidget, key: Qt.Key, answer: str) -> None:
    QTest.keyClick(window.windowHandle(), key)
    assert await asked == answer


async def test_the_keys_go_back_to_where_they_were(asked: "asyncio.Task[str]", window: QWidget) -> None:
    before = confirm_sheet(window)._focus_before
    assert before is not None
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Escape):
        QTest.keyClick(window.windowHandle(), key)
    await asked
    assert before.hasFocus()
    assert [shown for shown in QApplication.topLevelWidgets() if shown.isVisible()] == [window]


async def test_enter_answers_what_the_keys_are_on(asked: "asyncio.Task[str]", window: QWidget) -> None:
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Backtab)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    assert await asked == ""


async def test_a_click_beside_it_says_no(asked: "asyncio.Task[str]", window: QWidget) -> None:
    QTest.mouseClick(confirm_sheet(window), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert await asked == ""


@pytest.mark.parametrize(("keys", "answer"), [((), ""), ((Qt.Key.Key_Tab,), "Delete"), ((Qt.Key.Key_Backtab,), "Keep")])
async def test_a_button_that_destroys_does_not_have_the_focus(
    theme: Theme, window: QWidget, keys: tuple[Qt.Key, ...], answer: str
) -> None:
    task = asyncio.create_task(confirm(theme, window, TITLE, TEXT, "Delete", look=DANGER, alternative="Keep"))
    await until(lambda: window.findChild(ConfirmSheet))
    for key in (*keys, Qt.Key.Key_Return):
        QTest.keyClick(window.windowHandle(), key)
    assert await task == answer


async def test_the_loop_goes_on_meanwhile(asked: "asyncio.Task[str]", window: QWidget) -> None:
    for _ in range(50):
        await asyncio.sleep(0)
    assert confirm_sheet(window).isVisible()
    assert confirm_sheet(window).geometry() == window.rect()
    assert not asked.done()


async def test_cancelled_it_takes_the_question_back(asked: "asyncio.Task[str]", window: QWidget) -> None:
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await until(lambda: window.findChild(ConfirmSheet) is None)


async def test_the_verb_is_last_and_has_the_keys(asked: "asyncio.Task[str]", window: QWidget) -> None:
    verb, cancel = button(window, VERB), button(window, "Cancel")
    for _ in range(50):
        await asyncio.sleep(0)
    assert verb.hasFocus()
    assert verb.x() > cancel.x()


def test_its_text_is_plain_and_announced(qtbot: QtBot, theme: Theme, window: QWidget) -> None:
    asked = ConfirmSheet(theme, window, HOSTILE, HOSTILE, "Do it")
    asked.show_sheet()
    assert texts(asked) == [HOSTILE, HOSTILE]
    assert (asked.accessibleName(), asked.accessibleDescription()) == (HOSTILE, HOSTILE)
    assert unnamed(asked) == []


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_nothing_is_cut_at_any_size_of_text(
    qtbot: QtBot, theme: Theme, window: QWidget, direction: Qt.LayoutDirection
) -> None:
    window.resize(1000, 1400)
    asked = ConfirmSheet(theme, window, TITLE * 3, "x" * 300 + TEXT * 3, VERB)
    asked.setLayoutDirection(direction)
    asked.show_sheet()
    for scale in (1.0, 2.0, 0.9):
        theme.set_scale(scale)
        qtbot.waitUntil(lambda: clipped(asked) == [])
        assert asked._card.width() == theme.px(384)
        assert asked._scroll.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("size", [(420, 300), (480, 420), (640, 480)])
def test_buttons_that_have_no_room_beside_each_other_stand_below_each_other(
    qtbot: QtBot, theme: Theme, window: QWidget, size: tuple[int, int]
) -> None:
    window.resize(*size)
    asked = ConfirmSheet(theme, window, TITLE, TEXT, VERB, alternative="Choose another")
    asked.show_sheet()
    for scale in (1.0, 2.0, 1.0):
        theme.set_scale(scale)
        qtbot.waitUntil(lambda: clipped(asked) == [])
        assert asked._scroll.horizontalScrollBar().maximum() == 0
        tops = {button.y() for button in asked.findChildren(QPushButton) if button.isVisible()}
        assert len(tops) == (1 if scale == 1.0 else 3)


async def test_it_goes_with_its_window_unanswered(theme: Theme) -> None:
    window = QWidget()
    task = asyncio.create_task(confirm(theme, window, TITLE, TEXT, VERB))
    await until(lambda: window.findChild(ConfirmSheet))
    delete(window)
    assert await asyncio.wait_for(task, 15) == ""


async def test_a_question_whose_window_has_gone_is_taken_back(theme: Theme) -> None:
    window = QWidget()
    task = asyncio.create_task(confirm(theme, window, TITLE, TEXT, VERB))
    await until(lambda: window.findChild(ConfirmSheet))
    delete(window)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
