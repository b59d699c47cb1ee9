"""A thousand rooms in the window: all of them are found by the switcher, and listed page by page."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from statistics import median

import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.widgets.rooms.room_list import RoomList
from chatdesk.log.disk_store import open_store
from tests.desktop.program import Program
from tests.many_rooms import COUNT, make_rooms
from tests.server.chat import chat
from tests.waiting import until
from tests.work import count_calls

MOST_CALLS = 50
"""Of functions, for a key in the switcher and each room that is searched."""


@pytest_asyncio.fixture
async def conversation(program: Program, tmp_path: Path) -> AsyncIterator[Conversation]:
    """The chat, joined from another computer."""
    folder = tmp_path / "chat"
    async with open_store(folder):
        pass
    make_rooms(folder)
    async with open_store(folder) as store, chat(store=store) as c:
        program.application.join(f"127.0.0.1:{c.server.port}", "Kit")
        await until(lambda: program.conversation and program.conversation.joined, 20)
        assert program.conversation
        yield program.conversation
        program.window.close()
        await program.running


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


async def test_a_room_beyond_the_first_page_is_found_by_its_letters(
    program: Program, conversation: Conversation
) -> None:
    switcher = program.application.navigation.switcher
    conversation.screen.setFocus()
    press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget(), "the-w")
    await until(lambda: switcher.list.currentIndex().data() == "the-workshop")
    press(Qt.Key.Key_Return)
    await until(lambda: conversation.client.state.shown.name == "the-workshop")
    await until(lambda: conversation.client.state.shown_info.topic == "Tools")
    assert not conversation.client.state.list.found, "nobody searches any more"


async def test_the_list_goes_on_by_a_row_and_a_key_in_the_switcher_is_little_work(
    program: Program, conversation: Conversation
) -> None:
    rooms = conversation.screen.sidebar.rooms_panel.findChild(RoomList, "", Qt.FindChildOption.FindChildrenRecursively)
    model = rooms.model()
    await until(lambda: model.rowCount() == 101)
    for count in (*range(200, COUNT + 1, 100), COUNT + 1):
        last = model.index(model.rowCount() - 1, 0)
        assert last.data() == "More rooms"
        rooms.setFocus()
        rooms.setCurrentIndex(last)
        press(Qt.Key.Key_Return)
        await until(lambda count=count: model.rowCount() == count + (count <= COUNT))
        assert rooms.currentIndex().row() == last.row(), "the first of the new ones is the next to hear of"
    conversation.screen.setFocus()
    press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    calls = [count_calls(partial(type_letter, letter)) for letter in "bench-123 workshop"]
    assert median(calls) / COUNT < MOST_CALLS, calls


def type_letter(letter: str) -> None:
    """Type it where the focus is, and show what follows from it."""
    QTest.keyClicks(QApplication.focusWidget(), letter)
    QApplication.processEvents()
