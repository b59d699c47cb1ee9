"""What one does with messages in the window reaches the others, through a real host."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers.message_acts import MessageActs
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.widgets.chat.composer import Editing
from chatdesk.desktop.widgets.timeline.targets import (
    AddReaction,
    Delete,
    JumpTo,
    ListReactors,
    Pin,
    React,
    Reply,
    Rewrite,
)
from chatdesk.protocol.events import Message
from tests.waiting import until


def row(conversation: Conversation, seq: int) -> MessageRow:
    position = conversation.timeline.position_of(seq)
    assert position is not None
    found = conversation.timeline.row(position)
    assert isinstance(found, MessageRow)
    return found


def seen(client: ChatClient, seq: int) -> Message:
    found = client.state.shown.transcript.find(seq)
    assert found is not None
    return found


async def shown(conversation: Conversation, priya: ChatClient, seq: int) -> None:
    """Wait until a message is here and there."""
    await until(lambda: conversation.timeline.position_of(seq) is not None)
    await until(lambda: priya.state.shown.transcript.find(seq) is not None)


async def press(application: Application, name: str) -> None:
    def buttons() -> list[QPushButton]:
        return [b for b in application.window.findChildren(QPushButton) if b.text() == name and b.isVisible()]

    await until(buttons)
    QTest.mouseClick(buttons()[0], Qt.MouseButton.LeftButton)


async def reacted(conversation: Conversation, client: ChatClient, count: int) -> None:
    """Let somebody react to the first message, and wait until it is one of ``count`` here."""
    await until(lambda: client.state.online)
    client.acts.react(1, "👍")
    await until(lambda: [each.count for each in row(conversation, 1).message.reactions] == [count])


async def say(conversation: Conversation, qtbot: QtBot, text: str) -> None:
    composer = conversation.screen.composer
    composer.edit.setPlainText(text)
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)


async def test_answers_reactions_and_pins_are_seen_by_all(
    conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    act = conversation.screen.timeline.act_requested.emit
    priya.send("Left **motor**")
    await shown(conversation, priya, 1)
    assert row(conversation, 1).plain_text == "Left motor"
    act(Reply(1))
    await say(conversation, qtbot, "Which?")
    await shown(conversation, priya, 2)
    assert seen(priya, 2).reply_to == 1
    quoted = row(conversation, 2).quoted
    assert quoted is not None
    assert (quoted.nickname, quoted.words) == ("Priya", "Left motor")
    act(React(1, "👍", active=True, count=0, names=()))
    act(Pin(1, active=True))
    await until(lambda: seen(priya, 1).reactions and seen(priya, 1).pinned)
    await until(lambda: row(conversation, 1).own_reactions == {"👍"})
    bar = conversation.screen.pinned_bar
    await until(bar.isVisible)
    assert bar.accessibleName() == "Pinned 1: Left motor. Show all"
    bar.click()
    QTest.keyClick(conversation.screen.pins_card.list, Qt.Key.Key_Delete)
    await until(lambda: not seen(priya, 1).pinned)
    await until(lambda: not bar.isVisible() and not conversation.screen.pins_card.isVisible())
    priya.acts.pin(1, active=False)  # guests may, too, or are told that they may not
    priya.acts.edit(1, "Right motor")
    await until(lambda: row(conversation, 1).edited)
    await until(lambda: (found := row(conversation, 2).quoted) and found.words == "Right motor")
    act(JumpTo(1))
    await until(lambda: conversation.screen.timeline.currentIndex().row() == conversation.timeline.position_of(1))


async def test_own_messages_are_edited_and_deleted(
    application: Application, conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    composer = conversation.screen.composer
    await say(conversation, qtbot, "Frist")
    await shown(conversation, priya, 1)
    qtbot.keyClick(composer.edit, Qt.Key.Key_Up)
    assert composer.edit.text == "Frist"
    await say(conversation, qtbot, "First")
    await until(lambda: seen(priya, 1).content == "First")
    conversation.screen.timeline.act_requested.emit(Rewrite(1))
    await say(conversation, qtbot, "")  # an edit to nothing offers deletion
    await press(application, "Delete")
    await until(lambda: seen(priya, 1).deleted == "author")
    await until(lambda: row(conversation, 1).removal == "You took a message back")
    priya.send("Away with this")
    await shown(conversation, priya, 2)
    conversation.screen.timeline.act_requested.emit(Delete(2))
    await press(application, "Delete")
    await until(lambda: seen(priya, 2).deleted == "host")


async def test_up_does_not_edit_the_message_before_one_that_is_still_on_its_way(
    conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    edit = conversation.screen.composer.edit
    await say(conversation, qtbot, "One")
    await shown(conversation, priya, 1)
    await say(conversation, qtbot, "Two")
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.text == ""
    await shown(conversation, priya, 2)
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.text == "Two"


async def test_reactions_are_picked_and_links_copied(
    conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    priya.send("Hello")
    await shown(conversation, priya, 1)
    timeline = conversation.screen.timeline
    timeline.act_requested.emit(AddReaction(1))
    focused = timeline.window().focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Search emoji"
    qtbot.keyClicks(focused, "thumbs up")
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    await until(lambda: seen(priya, 1).reactions)
    assert seen(priya, 1).reactions[0].emoji == "👍"
    timeline.menu_requested.emit(timeline.model().index(conversation.timeline.position_of(1), 0), timeline.pos())
    menu = next(menu for menu in timeline.findChildren(QMenu) if menu.isVisible())
    next(action for action in menu.actions() if action.text() == "Copy link to message").trigger()
    assert QGuiApplication.clipboard().text() == f"{conversation.page_url.rstrip('/')}/#lobby/1"
    menu.close()


async def test_everybody_who_has_reacted_is_listed_by_pointer_and_keys(
    conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    """A message names the first five; the list goes on, follows the message, and gives the focus back."""
    timeline, composer = conversation.screen.timeline, conversation.screen.composer
    acts = conversation.screen.findChild(MessageActs)
    assert acts is not None
    card = acts.reactors_card
    await say(conversation, qtbot, "Tea?")
    await shown(conversation, priya, 1)
    names = ["Priya", *(f"Bench {number}" for number in range(1, 8))]
    async with asyncio.TaskGroup() as tasks:
        clients = [priya, *(ChatClient(priya._url, name, on_changes=lambda _: None) for name in names[1:])]
        for count, client in enumerate(clients, 1):
            if client is not priya:
                tasks.create_task(client.run())
            await reacted(conversation, client, count)
        composer.edit.setFocus()
        place = timeline.place_of_reaction(1, "👍").center()
        for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
            if reason is QContextMenuEvent.Reason.Keyboard:
                timeline.setFocus(Qt.FocusReason.TabFocusReason)
                timeline.setCurrentIndex(conversation.timeline.index(conversation.timeline.position_of(1) or 0))
                QTest.keyClick(timeline, Qt.Key.Key_Right)
            focused = QApplication.focusWidget()
            event = QContextMenuEvent(reason, place, timeline.viewport().mapToGlobal(place))
            QApplication.sendEvent(timeline.viewport(), event)
            assert card.isVisible()
            assert card.accessibleName() == "Who reacted with 👍  8 people"
            assert card.list.hasFocus()
            await until(lambda: [card.list.model().index(it, 0).data() for it in range(8)] == names)
            QTest.keyClick(card.list, Qt.Key.Key_Escape)
            assert (card.isVisible(), QApplication.focusWidget()) == (False, focused)
        timeline.act_requested.emit(ListReactors(1, "👍"))
        for client in clients:
            client.acts.react(1, "👍", active=False)
        await until(lambda: not card.isVisible())
        for client in clients[1:]:
            client.stop()


async def test_another_room_has_its_own_draft_pins_and_messages(
    conversation: Conversation, priya: ChatClient, qtbot: QtBot
) -> None:
    """Behaviour 22: a draft goes back to the room that it came from, and so does the edit above it."""
    composer, client = conversation.screen.composer, conversation.client
    await say(conversation, qtbot, "Hello")
    await shown(conversation, priya, 1)
    client.acts.pin(1)
    await until(conversation.screen.pinned_bar.isVisible)
    composer.edit.setPlainText("Half a sentence")
    conversation.screen.timeline.act_requested.emit(Rewrite(1))
    client.rooms.show("build")
    await until(lambda: (composer.edit.text, composer.task) == ("", None))
    assert not conversation.screen.pinned_bar.isVisible()
    conversation.screen.timeline.link_clicked.emit(f"{conversation.page_url}/#lobby/1")
    await until(lambda: (composer.edit.text, composer.task) == ("Hello", Editing(1, "Half a sentence")))
    composer.leave_task()
    assert composer.edit.text == "Half a sentence"
    await until(conversation.screen.pinned_bar.isVisible)
    assert row(conversation, 1).plain_text == "Hello"


async def test_what_may_not_be_done_is_said(application: Application, conversation: Conversation) -> None:
    conversation.client.send("Hello")
    await until(lambda: conversation.timeline.position_of(1) is not None)
    said: list[str] = []
    acts = conversation.screen.findChild(MessageActs)
    assert acts is not None
    acts.refused.connect(said.append)
    conversation.client.acts.delete(1)
    await until(lambda: row(conversation, 1).removal)
    acts.act(Rewrite(1))
    assert said == ["It is too late to edit this message. Delete it, and write it again."]
