"""Two ticks, who has read a message, and marking as unread, in the window with a real host."""

import asyncio
from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton
from pytestqt.qtbot import QtBot

from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers.receipts import ReceiptsController
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.models.readers import ReadersModel, moment_of, time_of
from chatdesk.desktop.models.row_list_model import accessible_text
from chatdesk.desktop.widgets.common.segmented_control import SegmentedControl
from chatdesk.desktop.widgets.common.toggle import Toggle
from chatdesk.desktop.widgets.people.readers_card import ReadersCard
from chatdesk.desktop.widgets.timeline.targets import ShowInfo, ShowReaders
from chatdesk.protocol.room_events import Reader
from tests.desktop.controllers.test_message_acts import row, say, shown
from tests.waiting import until


@pytest.fixture
def card(conversation: Conversation) -> ReadersCard:
    controller = conversation.screen.findChild(ReceiptsController)
    assert controller
    return controller.card


def toggle(application: Application, name: str) -> Toggle:
    [found] = [one for one in application.window.settings_sheet.findChildren(Toggle) if one.accessibleName() == name]
    return found


async def read_by(conversation: Conversation, seq: int, count: int | None) -> None:
    await until(lambda: row(conversation, seq).readers == count)


def ticks(conversation: Conversation, seq: int) -> QPoint:
    """Where the ticks of a message are in the timeline."""
    return conversation.screen.timeline.place_of_ticks(seq).center()


def click(conversation: Conversation, point: QPoint) -> None:
    QTest.mouseClick(conversation.screen.timeline.viewport(), Qt.MouseButton.LeftButton, pos=point)


async def test_two_ticks_are_a_button_that_says_who_has_read_it(
    conversation: Conversation, priya: ChatClient, card: ReadersCard, qtbot: QtBot
) -> None:
    await say(conversation, qtbot, "Hello")
    await shown(conversation, priya, 1)
    await read_by(conversation, 1, 0)
    timeline = conversation.screen.timeline
    assert timeline.place_of_ticks(1) == timeline.place_of(1), "one tick is no button"
    assert "Read by" not in accessible_text(row(conversation, 1))
    priya.mark_read(1)
    await read_by(conversation, 1, 1)
    assert accessible_text(row(conversation, 1)).endswith("Read by 1")
    click(conversation, ticks(conversation, 1))
    await until(card.isVisible)
    await until(lambda: card.accessibleName().startswith("Read by Priya"))
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert conversation.client.receipts.readers is None


async def test_the_keys_lead_to_the_ticks_and_back(
    conversation: Conversation, priya: ChatClient, card: ReadersCard, qtbot: QtBot
) -> None:
    await say(conversation, qtbot, "Hello")
    await shown(conversation, priya, 1)
    priya.mark_read(1)
    await read_by(conversation, 1, 1)
    timeline = conversation.screen.timeline
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    position = conversation.timeline.position_of(1)
    assert position is not None
    timeline.setCurrentIndex(conversation.timeline.index(position))
    qtbot.keyClick(timeline, Qt.Key.Key_Right)
    qtbot.keyClick(timeline, Qt.Key.Key_Return)
    await until(card.isVisible)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not card.isVisible()
    await until(timeline.hasFocus)
    qtbot.keyClick(timeline, Qt.Key.Key_I)
    await until(card.isVisible)
    assert "Sent today" in card.accessibleName() or "Read by" in card.accessibleName()


async def test_what_is_marked_as_unread_stays_so_until_one_goes_to_the_newest(
    conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    conversation.set_active(True)
    for number in range(3):
        priya.send(f"number {number}")
    await shown(conversation, priya, 3)
    state = conversation.client.state
    await until(lambda: state.shown.unread == 0)
    timeline = conversation.screen.timeline
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    position = conversation.timeline.position_of(2)
    assert position is not None
    timeline.setCurrentIndex(conversation.timeline.index(position))
    qtbot.keyClick(timeline, Qt.Key.Key_U)
    await until(lambda: state.shown.unread == 2)
    await until(lambda: (line := conversation.timeline.unread) and (line.after, line.count) == (1, 2))
    await until(lambda: state.list.rooms["lobby"].read == 1)
    conversation.set_active(False)
    conversation.set_active(True)
    assert state.shown.unread == 2
    conversation.show_latest()
    await until(lambda: state.shown.unread == 0)
    await until(lambda: state.list.rooms["lobby"].read == 3)


async def test_another_device_marks_as_unread_and_the_window_follows(
    application: Application, conversation: Conversation, priya: ChatClient
) -> None:
    conversation.set_active(True)
    priya.send("Hello")
    await shown(conversation, priya, 1)
    state = conversation.client.state
    await until(lambda: state.list.rooms["lobby"].read == 1)
    other = ChatClient(conversation.client._url, "Mara", token=state.token, on_changes=lambda _: None)
    running = application.tasks.start(other.run(), "another device")
    await until(lambda: other.state.online and other.state.list.rooms)
    other.mark_read(1)
    other.mark_unread(1)
    await until(lambda: state.shown.unread == 1)
    await until(lambda: conversation.timeline.unread is not None)
    other.stop()
    await until(running.done)


async def test_the_person_turns_receipts_and_typing_off_in_the_settings(
    application: Application, conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    """Behaviour 21."""
    conversation.set_active(True)
    await say(conversation, qtbot, "Hello")
    await shown(conversation, priya, 1)
    priya.send("Yes?")
    await shown(conversation, priya, 2)
    priya.mark_read(2)
    await read_by(conversation, 1, 1)
    await until(lambda: priya.receipts.count(priya.state.shown.transcript.messages[1]) == 1)
    toggle(application, "Tell others what I have read").click()
    await read_by(conversation, 1, None)
    await until(lambda: priya.receipts.count(priya.state.shown.transcript.messages[1]) == 0)
    assert not application.settings.receipts
    typing = toggle(application, "Show others that I type")
    assert typing.isChecked()
    typing.click()
    conversation.screen.composer.typing.emit(True)
    typing.click()
    conversation.screen.composer.typing.emit(True)
    await until(lambda: priya.state.shown.people.typing == ["Mara"])
    assert application.settings.typing
    toggle(application, "Tell others what I have read").click()
    await read_by(conversation, 1, 1)


async def test_the_host_turns_receipts_off_for_the_chat(
    application: Application, conversation: Conversation, priya: ChatClient, card: ReadersCard, qtbot: QtBot
) -> None:
    await say(conversation, qtbot, "Hello")
    await shown(conversation, priya, 1)
    priya.mark_read(1)
    await read_by(conversation, 1, 1)
    conversation.screen.timeline.act_requested.emit(ShowReaders(1))
    await until(card.isVisible)
    for_all = toggle(application, "Receipts in this chat")
    assert for_all.isVisibleTo(application.window.settings_sheet)
    for_all.click()
    await until(lambda: not priya.state.receipts.allowed)
    await read_by(conversation, 1, None)
    assert not card.isVisible()
    conversation.screen.timeline.act_requested.emit(ShowInfo(1))
    await until(card.isVisible)
    assert card.accessibleName().startswith("Your message. Sent today")
    for_all.click()
    await until(lambda: priya.state.receipts.allowed)
    await read_by(conversation, 1, 1)


async def test_the_host_says_between_whom_private_messages_are_possible(
    application: Application, conversation: Conversation
) -> None:
    sheet = application.window.settings_sheet
    control = next(it for it in sheet.findChildren(SegmentedControl) if "Private" in it.accessibleName())
    await until(lambda: control.isVisibleTo(sheet))
    assert control.current.text() == "Everybody"
    next(it for it in control.findChildren(QRadioButton) if it.text() == "Nobody").click()
    await until(lambda: conversation.client.state.list.private_messages == "nobody")
    assert control.current.text() == "Nobody"


async def test_a_choice_of_before_holds_in_the_next_chat(application: Application, conversation: Conversation) -> None:
    assert conversation.client.state.receipts.given
    application.settings.receipts = False
    conversation.receipt_settings_changed.emit()
    await until(lambda: not conversation.client.state.receipts.given)


async def test_four_names_are_shown_and_then_all(
    conversation: Conversation, priya: ChatClient, card: ReadersCard, qtbot: QtBot
) -> None:
    others = [ChatClient(conversation.client._url, f"Bench {number}", on_changes=lambda _: None) for number in range(5)]
    running = [conversation_task(other) for other in others]
    await until(lambda: all(other.state.online for other in others))
    await say(conversation, qtbot, "Hello")
    await shown(conversation, priya, 1)
    for other in (*others, priya):
        await until(reads(other))
        other.mark_read(1)
    await read_by(conversation, 1, 6)
    conversation.screen.timeline.act_requested.emit(ShowReaders(1))
    await until(lambda: card.accessibleName() == "Read by 6 of 6")
    assert card.list.model().rowCount() == 4
    assert card.more.text() == "2 more"
    card.more.click()
    assert card.list.model().rowCount() == 6
    assert not card.more.isVisible()
    for task in running:
        task.cancel()


def conversation_task(client: ChatClient) -> asyncio.Task[None]:
    return asyncio.create_task(client.run())


def reads(client: ChatClient) -> Callable[[], bool]:
    return lambda: client.state.shown.transcript.find(1) is not None


def test_a_row_says_when_somebody_came_to_the_message() -> None:
    model = ReadersModel()
    model.set_readers((Reader("Kit", "kit", "2020-11-23T10:31:00.000Z"), Reader("Ana", "ana")))
    texts = [model.data(model.index(number), Qt.ItemDataRole.AccessibleTextRole) for number in range(2)]
    assert str(texts[0]).startswith("Kit, 23 Nov 2020 ")
    assert texts[1] == "Ana"
    assert time_of(Reader("Ana", "ana")) == moment_of(Reader("Ana", "ana")) == ""
    assert time_of(Reader("Kit", "kit", "2020-11-23T10:31:00.000Z")) == "23 Nov 2020"
    assert model.data(QModelIndex()) is None
