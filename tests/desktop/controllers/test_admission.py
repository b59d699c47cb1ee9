"""Admission, in a real chat: one window hosts and decides, other clients wait."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chatdesk.client.changes import Ended, Waiting
from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers.order_board import OrderBoardController
from chatdesk.desktop.controllers.waiting import WaitingController
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.secret import SecretSheet
from chatdesk.desktop.entry_question import NOTHING_GIVEN, Given
from chatdesk.desktop.main_window import MainWindow
from chatdesk.desktop.settings import Settings
from chatdesk.desktop.widgets.order.invitations_card import described
from chatdesk.protocol.admission_events import InvitationInfo
from chatdesk.protocol.pace_commands import Pace
from tests.desktop.hosted_chat import HostedChat
from tests.waiting import until


@pytest_asyncio.fixture
async def admission(application: Application) -> AsyncIterator[OrderBoardController]:
    """That of the host, who lets newcomers wait."""
    assert application.board
    controller = application.board
    await until(lambda: controller.possible)
    controller.open()
    controller.sheet.waiting.toggle.click()
    await until(lambda: bool(controller._admission.queue and controller._admission.queue.approval))
    yield controller


async def knock(conversation: Conversation, nickname: str) -> tuple[ChatClient, "asyncio.Task[None]"]:
    client = ChatClient(conversation.client._url, nickname, on_changes=lambda _: None)
    running = asyncio.create_task(client.run())
    await until(lambda: isinstance(client.state.status, Waiting))
    return client, running


async def test_who_waits_is_let_in_or_turned_away_by_keys(
    admission: OrderBoardController, conversation: Conversation
) -> None:
    card = admission.sheet.waiting
    kit, kits = await knock(conversation, "Kit")
    ana, anas = await knock(conversation, "Ana")
    await until(lambda: len(card.rows) == 2)
    first, second = card.rows
    assert first.accessibleName().startswith("Kit, Window, ")
    QTest.keyClick(first, Qt.Key.Key_A)
    QTest.keyClick(second, Qt.Key.Key_X)
    await until(lambda: kit.state.online)
    await until(lambda: isinstance(ana.state.status, Ended))
    assert isinstance(ana.state.status, Ended)
    assert "does not let you in" in ana.state.status.sentence
    await until(lambda: not card.rows)
    assert first.gone, "what is below must not move under the pointer"
    for task in (kits, anas):
        task.cancel()
    await asyncio.gather(kits, anas, return_exceptions=True)


async def test_an_invitation_is_made_shown_once_and_used(
    admission: OrderBoardController, conversation: Conversation
) -> None:
    card = admission.sheet.invitations
    card.more_button.click()
    card.terms.name.edit.setText("a" * 40)
    card.terms.room.edit.setText("no such\troom")
    card.terms._roles.chosen.emit("guest")
    card.make_button.click()
    assert admission._admission.invited is None
    card.terms.name.edit.setText("Kit")
    card.terms.room.edit.clear()
    card.make_button.click()
    await until(lambda: not card.made.isHidden())
    invited = admission._admission.invited
    assert invited
    assert described(invited.invitation).startswith("For Kit, 0 of 1 used, to read only")
    kit = ChatClient(conversation.client._url, "Kit", on_changes=lambda _: None)
    kit.state.sign_in.invitation = invited.code
    running = asyncio.create_task(kit.run())
    await until(lambda: kit.state.online)
    await until(lambda: [it.used for it in admission._admission.invitations] == [1])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_who_waits_and_is_banned_leaves_the_board_at_once(
    admission: OrderBoardController, conversation: Conversation
) -> None:
    board = admission.sheet
    kit, kits = await knock(conversation, "Kit")
    await until(lambda: len(board.waiting.rows) == 1)
    conversation.screen.composer.sent.emit("/ban @Kit not today")
    await until(lambda: isinstance(kit.state.status, Ended) and not board.waiting.rows)
    await until(lambda: len(board.in_force.rows) == 1)
    [banned] = board.in_force.rows
    assert "Kit" in banned.accessibleName()
    assert "not today" in banned.accessibleName()
    assert banned.button
    banned.button.click()
    await until(lambda: not board.in_force.rows)
    await asyncio.gather(kits, return_exceptions=True)


async def test_the_board_has_what_is_held_and_whose_hand_is_up(
    application: Application, conversation: Conversation, priya: ChatClient
) -> None:
    controller, row = application.board, conversation.screen.sidebar.order_row
    assert controller
    await until(lambda: controller.possible)
    row.click()
    board = controller.sheet
    conversation.client.order.pace.send(Pace(hold=True, room="lobby"))
    await until(lambda: priya.state.shown_info.hold)
    for words in ("one", "two"):
        priya.send(words)
    await until(lambda: len(board.held.rows) == 2)
    priya.order.pace.raise_hand()
    await until(lambda: len(board.hands.rows) == 1 and row.accessibleName() == "Keeping order, 3 wait for you")
    first, second = board.held.rows
    assert "one" in first.accessibleName()
    assert "Priya" in first.accessibleName()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_A)
    QTest.keyClick(second, Qt.Key.Key_X)
    await until(lambda: not board.held.rows)
    await until(lambda: [it.content for it in conversation.client.state.shown.transcript.messages] == ["one"])
    await until(lambda: [it.error for it in priya.state.shown.outbox] == ["Mara has not let this through."])
    board.hands.rows[0].accept_button.click()
    await until(lambda: priya.order.pace.of("lobby").called_by == "Mara" and not board.hands.rows)
    assert "No hand is up." in board.hands._none.text()
    priya.order.pace.raise_hand()
    await until(lambda: len(board.hands.rows) == 1)
    board.hands.all_button.click()
    await until(lambda: priya.order.pace.of("lobby").place == 0 and not board.hands.rows)


async def test_who_waits_keeps_the_place_under_another_name_and_with_a_bad_invitation(
    hosted_chat: HostedChat, tmp_path: Path
) -> None:
    mara = await hosted_chat.join("Mara", hosting=True)
    await until(lambda: mara.client.admission.queue is not None)
    mara.client.admission.set_approval(True)
    await until(lambda: bool(mara.client.admission.queue and mara.client.admission.queue.approval))
    window = MainWindow(hosted_chat.theme, Settings(tmp_path / "settings.ini"))
    kit = hosted_chat.open("Kit")
    controller, refused = WaitingController(hosted_chat.theme, window, kit), list[Ended]()

    async def ask(ended: Ended) -> Given:
        refused.append(ended)
        return NOTHING_GIVEN

    kit.ask_for_entry = ask
    await until(lambda: controller.screen is not None)
    screen = controller.screen
    assert screen
    assert screen._heading.text() == "Waiting for Mara"
    screen.name_button.click()
    screen._name.edit.setText("Kitty")
    QTest.keyClick(screen._name.edit, Qt.Key.Key_Return)
    queue = mara.client.admission
    await until(lambda: bool(queue.queue and [it.nickname for it in queue.queue.people] == ["Kitty"]))
    await until(lambda: "Kitty" in screen._age.text())
    screen.invitation_button.click()
    [sheet] = window.findChildren(SecretSheet)
    sheet.given.emit("k7f-m2x-4rw")
    await until(lambda: len(refused) == 1 and isinstance(kit.client.state.status, Waiting))
    assert "does not open the chat" in refused[0].sentence
    assert controller.screen is screen, "who was refused goes on waiting"
    mara.client.admission.invite(1, 60)
    await until(lambda: mara.client.admission.invited is not None)
    assert mara.client.admission.invited
    screen.invitation_button.click()
    sheet = next(it for it in window.findChildren(SecretSheet) if not it.isHidden())
    sheet.given.emit(mara.client.admission.invited.code)
    await until(lambda: kit.joined)
    assert controller.screen is None
    await until(lambda: bool(queue.queue and not queue.queue.people))
    window.close()


def test_an_invitation_is_described_in_words() -> None:
    info = InvitationInfo("1", 30, 12, "", "2000-01-01T00:00:00.000Z", "Mara", room="build", role="guest")
    assert described(info) == "12 of 30 used, to build, to read only, ended"
