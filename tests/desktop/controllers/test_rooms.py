"""Rooms in the window, with a real server and another client."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton

from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.confirm import ConfirmSheet
from chatdesk.desktop.models.rooms import RoomRow
from chatdesk.desktop.models.rows import MessageRow, UnreadSeparator
from chatdesk.desktop.widgets.people.people_list import PeopleList
from chatdesk.desktop.widgets.rooms.room_list import RoomList
from tests.desktop.inspection import texts
from tests.waiting import until


def lists(conversation: Conversation) -> list[RoomList]:
    return conversation.screen.sidebar.rooms_panel.findChildren(RoomList)


def names(view: RoomList) -> list[str]:
    return [view.model().index(row, 0).data() for row in range(view.model().rowCount())]


def row(conversation: Conversation, name: str) -> RoomRow:
    model = conversation.screen.sidebar.rooms_panel._rooms
    position = model.position_of(name)
    found = model.row(position) if position is not None else None
    assert isinstance(found, RoomRow)
    return found


def said(conversation: Conversation) -> list[str]:
    rows = [conversation.timeline.row(place) for place in range(conversation.timeline.rowCount())]
    return [row.text for row in rows if isinstance(row, MessageRow)]


def click(conversation: Conversation, name: str) -> None:
    next(
        button
        for button in conversation.screen.window().findChildren(QPushButton)
        if name in (button.text(), button.accessibleName()) and button.isVisible()
    ).click()


async def make(conversation: Conversation, name: str, topic: str = "") -> None:
    """Make a room, as a person does."""
    click(conversation, "New room")
    edits = [edit for edit in conversation.screen.window().findChildren(QLineEdit) if edit.isVisible()]
    next(edit for edit in edits if edit.accessibleName() == "Name").setText(name)
    next(edit for edit in edits if edit.accessibleName() == "Topic").setText(topic)
    click(conversation, "Make the room")
    await until(lambda: conversation.client.state.shown.name == name)


def choose_from_menu(application: Application, words: str) -> None:
    menu = next(menu for menu in application.window.findChildren(QMenu) if menu.isVisible())
    action = next(action for action in menu.actions() if action.text().startswith(words))
    menu.close()
    action.trigger()


async def test_a_room_is_made_and_what_is_said_in_another_is_counted(
    application: Application, conversation: Conversation, priya: ChatClient
) -> None:
    await make(conversation, "benches", "Who sits where")
    screen = conversation.screen
    assert "Who sits where" in texts(screen.top_bar)
    assert QApplication.focusWidget() is screen.composer.edit
    conversation.client.send("Four each")
    await until(lambda: said(conversation) == ["Four each"])
    screen.composer.edit.insertPlainText("half a sentence")

    priya.send("Is anybody in the lobby?")
    priya.send("@Mara?")
    await until(lambda: row(conversation, "lobby").room.unread == 2)
    assert application.window.windowTitle().startswith("(2) ")
    rooms = lists(conversation)[0]
    assert names(rooms) == ["lobby", "benches"]
    rooms.setCurrentIndex(rooms.model().index(0, 0))
    QTest.keyClick(rooms, Qt.Key.Key_Return)
    await until(lambda: said(conversation) == ["Is anybody in the lobby?", "@Mara?"])
    assert any(isinstance(conversation.timeline.row(place), UnreadSeparator) for place in range(4))
    assert screen.composer.edit.text == ""
    assert row(conversation, "benches").draft
    await until(lambda: row(conversation, "lobby").room.unread == 0)
    assert not application.window.windowTitle().startswith("(")

    rooms.chosen.emit("benches")
    await until(lambda: said(conversation) == ["Four each"])
    assert screen.composer.edit.text == "half a sentence"
    priya.rooms.show("benches")
    await until(lambda: priya.state.shown.stage == "inside")
    priya.presence.set_typing(True)
    await until(lambda: screen.typing_indicator.accessibleName() == "Priya is typing")


async def test_a_person_in_the_list_is_written_to_alone(
    application: Application, conversation: Conversation, priya: ChatClient
) -> None:
    await until(lambda: conversation.people.rowCount() == 2)
    people = conversation.screen.findChild(PeopleList)
    assert people
    await until(lambda: conversation.client.state.list.rooms)
    people.menu_requested.emit(people.model().index(0, 0).data(Qt.ItemDataRole.UserRole), people.rect().center())
    assert not [menu for menu in application.window.findChildren(QMenu) if menu.isVisible()], "not to oneself"
    other = people.model().index(1, 0).data(Qt.ItemDataRole.UserRole)
    people.menu_requested.emit(other, people.mapToGlobal(people.rect().center()))
    choose_from_menu(application, "Message privately")
    await until(lambda: names(lists(conversation)[1]) == ["Priya"])
    assert "Priya" in texts(conversation.screen.top_bar)
    private = lists(conversation)[1].model()
    priya.presence.set_status("busy", "until four")

    def spoken() -> str:
        return str(private.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))

    await until(lambda: spoken().endswith("private, busy, shown"))
    assert any(words.startswith("Nothing said between you and") for words in texts(conversation.screen.empty_room))
    conversation.client.send("psst")
    await until(lambda: any(room.partner and room.unread for room in priya.state.summaries()))


async def test_a_room_is_muted_archived_and_left(
    application: Application, conversation: Conversation, priya: ChatClient
) -> None:
    """Behaviour 17."""
    await make(conversation, "benches")
    panel = conversation.screen.sidebar.rooms_panel

    def act(words: str) -> None:
        panel.menu_requested.emit("benches", panel.mapToGlobal(panel.rect().center()))
        choose_from_menu(application, words)

    await until(lambda: row(conversation, "benches").room.joined)
    act("Notify me of nothing")
    await until(lambda: row(conversation, "benches").room.level == "nothing")
    act("Archive")
    await until(lambda: names(lists(conversation)[0]) == ["lobby", "Archived", "benches"])
    assert not conversation.screen.composer.isEnabled()
    assert "archived" in conversation.screen.composer.edit.placeholderText()
    heading, told = texts(conversation.screen.empty_room)
    assert heading == "Nobody has written in #benches yet"
    assert told.startswith("This room is archived")
    assert application.window.toast.isVisible()
    click(conversation, "Undo")
    await until(lambda: names(lists(conversation)[0]) == ["lobby", "benches"])
    act("Archive")
    await until(lambda: names(lists(conversation)[0]) == ["lobby", "Archived", "benches"])
    act("Open again")
    await until(lambda: names(lists(conversation)[0]) == ["lobby", "benches"])
    assert conversation.screen.composer.isEnabled()
    act("Room settings")
    edits = [edit for edit in application.window.findChildren(QLineEdit) if edit.isVisible()]
    next(edit for edit in edits if edit.accessibleName() == "Topic").setText("Who sits where")
    click(conversation, "Save")
    await until(lambda: "Who sits where" in texts(conversation.screen.top_bar))
    act("Leave this room")
    assert conversation.client.state.shown.name == "lobby"
    await until(lambda: not row(conversation, "benches").room.joined)


async def test_a_room_is_deleted_after_a_question_that_says_how_much_is_lost(
    application: Application, conversation: Conversation, priya: ChatClient
) -> None:
    await make(conversation, "benches")
    for words in ("one", "two"):
        conversation.client.send(words)
    await until(lambda: said(conversation) == ["one", "two"])
    priya.rooms.show("benches")
    await until(lambda: priya.state.shown.stage == "inside")
    click(conversation, "Settings of this room")
    click(conversation, "Delete…")

    def asked() -> list[ConfirmSheet]:
        return [sheet for sheet in application.window.findChildren(ConfirmSheet) if sheet.isVisible()]

    await until(asked)
    assert "Its 2 messages are deleted for everybody" in " ".join(texts(asked()[0]))
    click(conversation, "Delete room")
    await until(lambda: names(lists(conversation)[0]) == ["lobby"])
    assert conversation.client.state.shown.name == "lobby"
    await until(lambda: "benches" not in priya.state.rooms and priya.state.shown is priya.state.home)
    panel = conversation.screen.sidebar.rooms_panel
    panel.menu_requested.emit("lobby", panel.mapToGlobal(panel.rect().center()))
    menu = next(menu for menu in application.window.findChildren(QMenu) if menu.isVisible())
    assert not [action for action in menu.actions() if action.text().startswith("Delete")], "the lobby stays"
    menu.close()
