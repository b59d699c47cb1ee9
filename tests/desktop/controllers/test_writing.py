"""What is written in the window's composer, hosted and read by another client."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.confirm import ConfirmSheet
from chatdesk.desktop.widgets.writing.completer import Completer
from chatdesk.protocol.room_events import RoomInfo
from tests.desktop.inspection import texts
from tests.waiting import until


def heard(client: ChatClient) -> list[str]:
    return [message.content for message in client.state.shown.transcript.messages]


async def test_a_word_that_is_no_command_is_not_sent_by_accident(
    application: Application, conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    composer = conversation.screen.composer

    def write(text: str) -> None:
        composer.edit.setFocus()
        composer.edit.clear()
        qtbot.keyClicks(composer.edit, text)
        QTest.keyClick(composer.edit, Qt.Key.Key_Return)

    write("//etc is a folder")
    await until(lambda: heard(priya) == ["/etc is a folder"])
    write("/sudo make me a sandwich")
    assert composer.edit.text == "/sudo make me a sandwich"
    as_text = next(button for button in application.window.findChildren(QPushButton) if button.text() == "Send as text")
    assert as_text.isVisible()
    write("/shrug who knows")
    await until(lambda: heard(priya)[1:] == ["who knows ¯\\_(ツ)_/¯"])
    assert not as_text.isVisible()
    write("/sudo again")
    as_text.click()
    await until(lambda: heard(priya)[2:] == ["/sudo again"])
    assert composer.edit.text == ""
    QTest.keyClick(composer.edit, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert composer.edit.text == "/sudo again"
    write("/me waves")
    await until(lambda: heard(priya)[3:] == ["waves"])
    assert [message.action for message in priya.state.shown.transcript.messages] == [False] * 3 + [True]
    write("/help")
    assert composer.edit.text == "/"


async def test_a_name_and_a_status_reach_others_and_a_private_message_one_person(
    conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    """Behaviour 12: everybody's list shows the new name, one's own screen, too."""
    composer, people = conversation.screen.composer, priya.state.shown.people

    def write(text: str) -> None:
        composer.edit.setFocus()
        composer.edit.setPlainText(text)
        QTest.keyClick(composer.edit, Qt.Key.Key_Return)

    await until(lambda: "Mara" in people.here)
    write("/busy until four")
    await until(lambda: (people.here["Mara"].status, people.here["Mara"].status_text) == ("busy", "until four"))
    user_bar = conversation.screen.sidebar.user_bar
    await until(lambda: "Busy: until four" in texts(user_bar))
    write("/nick Mara the 2nd")
    await until(lambda: people.here.keys() == {"Mara the 2nd", "Priya"})
    assert people.here["Mara the 2nd"].status == "busy"
    await until(lambda: conversation.client.state.nickname == "Mara the 2nd")
    assert conversation.client.state.is_mine(people.here["Mara the 2nd"])
    write("/back")
    await until(lambda: people.here["Mara the 2nd"].status == "online")
    await until(lambda: texts(user_bar) == ["Mara the 2nd", "You, hosting"])
    write("/msg @Priya psst")
    outbox = conversation.client.state.shown.outbox
    assert [(it.to, it.to_author) for it in outbox] == [("Priya", people.here["Priya"].author)]
    await until(lambda: any("psst" in str(room.transcript.messages) for room in priya.state.rooms.values()))
    assert heard(priya) == []


async def test_everybody_in_a_large_room_is_told_only_after_a_question_with_the_number(
    application: Application, conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    """Behaviour 11."""
    composer = conversation.screen.composer
    await until(lambda: "Priya" in conversation.client.state.shown.people.here)
    conversation.client.state.shown.people._server_count = 31

    def ask(answer: str) -> None:
        composer.edit.setPlainText("@room lunch")
        composer.edit.setFocus()
        QTest.keyClick(composer.edit, Qt.Key.Key_Return)
        sheet = next(it for it in application.window.findChildren(ConfirmSheet) if it.isVisible())
        assert sheet.accessibleName() == "Tell all 31 people?"
        next(it for it in sheet.findChildren(QPushButton) if it.text() == answer).click()

    ask("Cancel")
    await until(lambda: composer.edit.text == "@room lunch")
    assert heard(priya) == []
    ask("Tell 31 people")
    await until(lambda: heard(priya) == ["@room lunch"])
    assert priya.state.own.is_mentioned(priya.state.shown.transcript.messages[0])


async def test_the_host_opens_a_room_that_was_theirs_alone(conversation: Conversation, priya: ChatClient) -> None:
    rooms = conversation.client.state.list
    await until(lambda: "lobby" in rooms.rooms)
    rooms.change(RoomInfo("lobby", closed=True))
    conversation.screen.composer.edit.setPlainText("/open")
    QTest.keyClick(conversation.screen.composer.edit, Qt.Key.Key_Return)
    await until(lambda: not rooms.rooms["lobby"].closed)
    assert heard(priya) == []


async def test_in_a_long_list_the_server_finds_whom_a_name_may_mean(
    conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    listed, edit = conversation.client.state.shown.people, conversation.screen.composer.edit
    await until(lambda: conversation.people.rowCount() == 2)
    listed.complete = False
    del listed.here["Priya"]
    edit.setFocus()
    qtbot.keyClicks(edit, "ask @pri")
    completer = edit.findChild(Completer)
    assert completer
    await until(lambda: completer.popup and completer.popup.isVisible())
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.toPlainText() == "ask @Priya "


async def test_people_outside_the_room_are_offered_and_said_to_hear_nothing(
    conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    client, edit = conversation.client, conversation.screen.composer.edit
    await until(lambda: conversation.people.rowCount() == 2)
    client.rooms.create("plans")
    await until(lambda: "plans" in client.state.rooms and client.state.rooms["plans"].stage == "inside")
    client.rooms.show("plans")
    await until(lambda: client.state.shown.people.complete and len(client.state.shown.people.here) == 1)
    edit.setFocus()
    qtbot.keyClicks(edit, "ask @pri")
    completer = edit.findChild(Completer)
    assert completer
    await until(lambda: completer.popup and completer.popup.isVisible())
    assert completer.popup
    assert completer.popup.list.accessibleName() == "People outside plans"
    row = completer.popup.list.model().index(0, 0)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "Priya, will not be told"
