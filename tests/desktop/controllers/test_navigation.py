"""By keys through the window: the switcher, the rooms above and below, and the sheet of keys, with a real server."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.keys import KeysSheet
from chatdesk.desktop.shortcuts import shortcut_columns
from chatdesk.desktop.theme import Theme
from tests.desktop.inspection import texts, unnamed
from tests.waiting import until

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


async def test_letters_lead_to_rooms_and_actions_and_keys_to_the_next_room(
    application: Application, conversation: Conversation
) -> None:
    navigation = application.navigation
    state, switcher = conversation.client.state, navigation.switcher
    for name in ("benches", "code-help"):
        conversation.client.rooms.create(name, "Who sits where")
    await until(lambda: len(state.summaries()) == 3 and all(room.joined for room in state.summaries()))
    conversation.client.rooms.show("lobby")

    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or application.window, key, modifiers)

    conversation.screen.setFocus()
    press(Qt.Key.Key_K, CONTROL)
    assert switcher.isVisible()
    assert switcher.list.model().rowCount() == 2, "the other rooms"
    QTest.keyClicks(QApplication.focusWidget(), "ben")
    assert switcher.list.currentIndex().data() == "benches"
    press(Qt.Key.Key_Return)
    assert (state.shown.name, switcher.isVisible()) == ("benches", False)
    assert QApplication.focusWidget() is conversation.screen.composer.edit
    press(Qt.Key.Key_Down, ALT)
    assert state.shown.name == "code-help"
    press(Qt.Key.Key_Up, ALT)
    press(Qt.Key.Key_Up, ALT)
    assert state.shown.name == "lobby"
    press(Qt.Key.Key_Down, ALT | SHIFT)
    assert state.shown.name == "lobby", "nothing is unread"

    press(Qt.Key.Key_K, CONTROL)
    QTest.keyClicks(QApplication.focusWidget(), "leads")
    press(Qt.Key.Key_Return)
    assert conversation.screen.top_bar.search_field.text() == "leads"
    press(Qt.Key.Key_K, CONTROL)
    QTest.keyClicks(QApplication.focusWidget(), "keys")
    press(Qt.Key.Key_Return)
    assert navigation.keys.isVisible()
    press(Qt.Key.Key_Escape)
    assert not navigation.keys.isVisible()


async def test_a_person_is_written_to_alone(
    application: Application, conversation: Conversation, priya: ChatClient
) -> None:
    await until(lambda: conversation.client.state.shown.people.count == 2)
    QTest.keyClick(application.window, Qt.Key.Key_K, CONTROL)
    QTest.keyClicks(QApplication.focusWidget(), "pri")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    await until(lambda: "Priya" in texts(conversation.screen.top_bar))
    conversation.client.send("psst")
    await until(lambda: any(room.partner for room in priya.state.summaries()))


def test_the_sheet_lists_all_keys_and_finds_one(qapp: QApplication, qtbot: object) -> None:
    window = QWidget()
    window.resize(1200, 800)
    sheet = KeysSheet(Theme(qapp), window)
    window.show()
    sheet.show_keys()
    titles = [each.title for column in shortcut_columns() for group in column for each in group.shortcuts]
    assert set(titles) <= set(texts(sheet))
    assert unnamed(sheet) == []
    sheet._field.setText("switch")
    assert [title for title in titles if title in texts(sheet)] == ["Switch room or person"]
    window.close()


def test_keys_are_named_as_the_system_names_them() -> None:
    assert shortcut_columns("linux")[0][0].shortcuts[0].keys == ("Ctrl", "K")
    assert shortcut_columns("darwin")[0][0].shortcuts[0].keys == ("⌘", "K")
