"""Signal connections, in a real chat: what a person does on the screen, others see."""

from datetime import date

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton

from chatdesk.client.changes import PeopleReset
from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.confirm import ConfirmSheet
from chatdesk.desktop.discovery_state import DiscoveryState
from chatdesk.desktop.models.rows import MessageRow, UnsentRow
from chatdesk.desktop.settings import RecentChat
from chatdesk.desktop.widgets.chat.chat_screen import ChatScreen
from chatdesk.discovery.networks import Network, NetworkKind
from tests.desktop.found_hosts import host
from tests.desktop.inspection import texts
from tests.waiting import until


@pytest.fixture
def screen(conversation: Conversation) -> ChatScreen:
    return conversation.screen


def click(screen: ChatScreen, name: str) -> None:
    buttons = screen.window().findChildren(QPushButton)
    found = [button for button in buttons if name in (button.text(), button.accessibleName()) and button.isVisible()]
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def people(conversation: Conversation) -> list[str]:
    """The nicknames in the list of people, from its top."""
    model = conversation.people
    return [model.index(place).data() for place in range(model.rowCount())]


def menu(screen: ChatScreen) -> QMenu:
    return next(found for found in screen.window().findChildren(QMenu) if found.isVisible())


async def test_a_typed_message_is_sent_and_typing_is_reported(screen: ChatScreen, priya: ChatClient) -> None:
    QTest.keyClicks(screen.composer.edit, "Hello")
    await until(lambda: priya.state.shown.people.typing == ["Mara"])
    QTest.keyClick(screen.composer.edit, Qt.Key.Key_Return)
    await until(lambda: [message.content for message in priya.state.shown.transcript.messages] == ["Hello"])
    assert priya.state.shown.people.typing == []


async def test_in_a_long_list_people_are_found_by_the_server(
    screen: ChatScreen, conversation: Conversation, priya: ChatClient
) -> None:
    listed, panel = conversation.client.state.shown.people, screen.sidebar.people_panel
    await until(lambda: people(conversation) == ["Mara", "Priya"])  # not only known: shown
    listed.complete = False
    del listed.here["Priya"]
    conversation._apply([PeopleReset()])
    QTest.keyClicks(panel._field, "pri")
    await until(lambda: people(conversation) == ["Priya"])
    panel._field.clear()
    await until(lambda: people(conversation) == ["Mara"])


async def test_a_refused_message_is_discarded_by_its_key(screen: ChatScreen, conversation: Conversation) -> None:
    conversation.client.send("x" * 9000)
    await until(lambda: conversation.timeline.rowCount() == 1 and conversation.timeline.row(0).failed)
    screen.timeline.setCurrentIndex(conversation.timeline.index(0))
    QTest.keyClick(screen.timeline, Qt.Key.Key_Return)  # send again, in vain
    await until(lambda: isinstance(conversation.timeline.row(0), UnsentRow) and conversation.timeline.row(0).failed)
    QTest.keyClick(screen.timeline, Qt.Key.Key_Delete)
    await until(lambda: conversation.timeline.rowCount() == 0)


async def test_a_refused_message_is_taken_back_edited_and_sent(
    screen: ChatScreen, conversation: Conversation, priya: ChatClient
) -> None:
    edit, timeline = screen.composer.edit, conversation.timeline
    conversation.client.send("10\u00a0km\x0bfar")  # as an older version has left it
    await until(timeline.rowCount)
    await until(lambda: isinstance(last := timeline.row(timeline.rowCount() - 1), UnsentRow) and last.failed)
    QTest.keyClicks(edit, "later")
    screen.timeline.setCurrentIndex(timeline.index(timeline.rowCount() - 1))
    screen.timeline.setFocus()
    QTest.keyClick(screen.timeline, Qt.Key.Key_F2)
    await until(lambda: not any(isinstance(timeline.row(place), UnsentRow) for place in range(timeline.rowCount())))
    assert edit.text == "10\u00a0km\nfar\nlater"
    assert edit.hasFocus()
    QTest.keyClicks(edit, "!")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    await until(
        lambda: [message.content for message in priya.state.shown.transcript.messages] == ["10\u00a0km\nfar!\nlater"]
    )


async def test_a_message_being_sent_cannot_be_edited(screen: ChatScreen, conversation: Conversation) -> None:
    message_id = conversation.client.send("Hello")
    conversation.drafts.take_back(message_id)
    assert screen.composer.edit.text == ""
    await until(
        lambda: [message.content for message in conversation.client.state.shown.transcript.messages] == ["Hello"]
    )


async def test_the_pill_shows_what_is_unseen_and_leads_there(
    screen: ChatScreen, conversation: Conversation, priya: ChatClient
) -> None:
    for number in range(60):
        priya.send(str(number))
    await until(lambda: conversation.timeline.position_of(60) is not None)
    await until(lambda: screen.timeline.verticalScrollBar().maximum() > 500)
    screen.timeline.verticalScrollBar().setValue(0)
    priya.send("new")
    await until(screen.jump_pill.isVisible)
    assert screen.jump_pill.text() == "1 new, jump to latest"
    QTest.mouseClick(screen.jump_pill, Qt.MouseButton.LeftButton)
    assert screen.timeline.following
    assert not screen.jump_pill.isVisible()


async def test_the_row_menu_copies_all_that_is_chosen(
    screen: ChatScreen, conversation: Conversation, priya: ChatClient
) -> None:
    for text in ("one", "two"):
        priya.send(text)
    rows = conversation.timeline
    await until(lambda: sum(isinstance(rows.row(place), MessageRow) for place in range(rows.rowCount())) == 2)
    for place in range(rows.rowCount()):
        screen.timeline.selectionModel().select(rows.index(place), QItemSelectionModel.SelectionFlag.Select)
    last = rows.index(rows.rowCount() - 1)
    screen.timeline.menu_requested.emit(last, screen.timeline.mapToGlobal(screen.timeline.rect().center()))
    shown = menu(screen)
    next(action for action in shown.actions() if action.text() == "Copy text").trigger()
    shown.close()
    copied = QGuiApplication.clipboard().text()
    assert [line.rpartition(": ")[2] for line in copied.split("\n")] == ["one", "two"]


async def test_a_link_is_asked_about(screen: ChatScreen, application: Application) -> None:
    screen.timeline.link_clicked.emit("https://example.org")
    await until(lambda: application.window.findChildren(ConfirmSheet))
    application.window.findChildren(ConfirmSheet)[0].dismiss()
    await until(lambda: not application.window.findChildren(ConfirmSheet))


async def test_the_chat_menu_opens_at_the_head_of_the_sidebar(screen: ChatScreen) -> None:
    QTest.mouseClick(screen.sidebar.header, Qt.MouseButton.LeftButton)
    shown = menu(screen)
    assert "Close the room" in [action.text() for action in shown.actions()]
    shown.close()


async def test_the_plate_copies_and_invites(screen: ChatScreen, application: Application) -> None:
    screen.sidebar.address_card.copied.emit()
    assert "Address copied" in texts(application.window.toast)
    click(screen, "Invite")
    await until(application.invitation.sheet.isVisible)


async def test_the_empty_room_projects_and_copies(
    screen: ChatScreen, application: Application, conversation: Conversation
) -> None:
    click(screen, "Copy address")
    assert QGuiApplication.clipboard().text() == conversation.page_url
    click(screen, "Show on projector")
    await until(application.invitation.projector.isVisible)


async def test_narrow_the_bar_opens_the_drawer_and_finds_people(screen: ChatScreen, application: Application) -> None:
    application.window.resize(640, 480)
    await until(lambda: not screen.sidebar.isVisible())
    click(screen, "Show rooms and people")
    assert screen.sidebar.isVisible()
    screen.columns.close_drawer()
    click(screen, "1 person here")
    assert screen.sidebar.people_panel._field.isVisible()


async def test_looks_are_chosen_at_the_foot_of_the_sidebar(screen: ChatScreen, application: Application) -> None:
    click(screen, "Settings")
    await until(application.window.settings_sheet.isVisible)
    application.window.settings_sheet.theme_chosen.emit("dark")
    application.window.settings_sheet.scale_chosen.emit(1.2)
    assert (application.theme.name, application.theme.scale) == ("dark", 1.2)
    application.window.settings_sheet.dismiss()


async def test_after_the_end_the_person_can_join_again(screen: ChatScreen, conversation: Conversation) -> None:
    conversation.client.stop()
    await until(lambda: any(b.text() == "Join again" and b.isVisible() for b in screen.findChildren(QPushButton)))
    click(screen, "Join again")
    await until(lambda: conversation.client.state.online)


async def test_the_projector_counts_along(application: Application, priya: ChatClient) -> None:
    application.invitation.show_projector()
    await until(lambda: application.invitation.projector._people == 2)
    priya.stop()
    await until(lambda: application.invitation.projector._people == 1)


async def test_searching_by_keys_finds_jumps_and_ends_at_the_composer(
    screen: ChatScreen, conversation: Conversation, priya: ChatClient
) -> None:
    for text in ("The needle", "hay", "more hay"):
        priya.send(text)
    await until(lambda: conversation.timeline.position_of(3) is not None)
    QTest.keyClick(screen.composer.edit, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = screen.top_bar.search_field
    assert field.hasFocus()
    QTest.keyClicks(field, "need")
    await until(lambda: conversation.search_hits.rowCount() == 1)
    assert screen.search_panel.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    await until(lambda: screen.timeline.currentIndex().row() == conversation.timeline.position_of(1))
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert screen.composer.edit.hasFocus()
    assert not screen.search_panel.isVisible()


async def test_ctrl_g_and_the_floating_day_open_the_calendar(screen: ChatScreen, application: Application) -> None:
    calendar = application.history.calendar
    for open_it in (
        lambda: QTest.keyClick(screen.composer.edit, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier),
        screen.date_pill.click,
        lambda: screen.timeline.calendar_requested.emit(screen.timeline.mapToGlobal(screen.timeline.rect().center())),
    ):
        open_it()
        assert calendar.isVisible()
        QTest.keyClick(calendar._days, Qt.Key.Key_Escape)
        assert not calendar.isVisible()


async def test_visible_messages_are_marked_as_read(
    screen: ChatScreen, conversation: Conversation, priya: ChatClient
) -> None:
    priya.send("Hello")
    await until(lambda: conversation.client.state.shown.read_position.seq == 1)


async def test_what_is_found_around_is_shown_on_the_start_screen(application: Application) -> None:
    around, card = application.discovery, application.window.start.join_card
    around.hosts_changed.emit([host(1, "Galley"), host(2)])
    assert [card.hosts.index(row).data() for row in range(2)] == ["Galley", "Room 2"]
    around.networks_changed.emit([Network("wlan0", NetworkKind.WIFI, "Workshop-5G", ("192.168.4.9",), (24,))])
    assert texts(card.searched_networks) == ["Looking on Workshop-5G"]
    around.state_changed.emit(DiscoveryState.SCANNING)
    around.scan_progressed.emit(120, 254)
    assert texts(card.discovery_prompt) == ["Asked 120 of 254"]
    around.state_changed.emit(DiscoveryState.OFF)
    assert card.searched_networks.isHidden()


async def test_looking_is_turned_off_in_the_settings_and_on_again_in_the_card(application: Application) -> None:
    application.window.settings_sheet.discovery_chosen.emit(False)
    assert not application._settings.discovery
    application.window.start.join_card.discovery_prompt.turn_on_requested.emit()
    assert application._settings.discovery


async def test_a_recent_room_that_is_open_is_shown_so(application: Application) -> None:
    recents = application.window.start.join_card.recent_chats
    recents.set_chats([RecentChat("Galley", "10.0.0.1:8080", date(2026, 11, 24))], date(2026, 11, 24))
    application.discovery.recent_answered.emit("10.0.0.1:8080", host(1, "Galley", people=31))
    assert "31 here" in texts(recents)
    application.discovery.recent_answered.emit("10.0.0.1:8080", None)
    assert "Today" in texts(recents)
