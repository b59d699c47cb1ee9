"""Behaviour 22: what is half-written survives restart, room switch and refusal, and goes back to where it belongs."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chatdesk.client.saved_state import ClientStore
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.widgets.chat.composer import Answering, Editing
from tests.desktop.hosted_chat import HostedChat
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("keep_loop_running")


@pytest.fixture
def store(tmp_path: Path) -> ClientStore:
    return ClientStore(tmp_path / "joined")


async def say(conversation: Conversation, *texts: str) -> None:
    for text in texts:
        conversation.client.send(text)
    await until(lambda: not conversation.client.state.shown.outbox.waiting)


def in_composer(conversation: Conversation) -> tuple[object, str, str]:
    """What is written there answers or edits what, with which words above it."""
    composer = conversation.screen.composer
    return composer.task, composer.edit.text, composer.context.accessibleName() if composer.task else ""


async def leave(hosted_chat: HostedChat, conversation: Conversation) -> None:
    conversation.leave()
    await hosted_chat.running[-1]


async def test_an_edit_and_a_draft_come_back_to_their_places_after_a_restart(
    hosted_chat: HostedChat, store: ClientStore
) -> None:
    kit = await hosted_chat.join("Kit", store=store)
    await say(kit, "First", "Second")
    kit.screen.composer.edit.setPlainText("Half a message")
    kit.drafts.edit(2, "Second")
    kit.screen.composer.edit.setPlainText("Second, better")
    await leave(hosted_chat, kit)
    again = await hosted_chat.join("Kit", store=store)
    assert in_composer(again)[:2] == (Editing(2, "Half a message"), "Second, better")
    again.screen.composer.leave_task()
    assert in_composer(again) == (None, "Half a message", "")
    await leave(hosted_chat, again)
    once_more = await hosted_chat.join("Kit", store=store)
    assert in_composer(once_more) == (None, "Half a message", ""), "what was given up does not come back"


async def test_an_answer_comes_back_with_the_message_as_it_is_now(hosted_chat: HostedChat, store: ClientStore) -> None:
    kit = await hosted_chat.join("Kit", store=store)
    await say(kit, "First", *map(str, range(60)))
    kit.drafts.answer(1)
    kit.screen.composer.edit.setPlainText("An answer")
    await leave(hosted_chat, kit)
    again = await hosted_chat.join("Kit", store=store)
    await until(lambda: in_composer(again) == (Answering(1), "An answer", "Kit: First"))
    again.client.acts.edit(1, "First of all")
    await until(lambda: in_composer(again) == (Answering(1), "An answer", "Kit: First of all"))


async def test_each_room_has_its_own_draft_answer_and_edit(hosted_chat: HostedChat) -> None:
    kit = await hosted_chat.join("Kit")
    await say(kit, "In the lobby")
    kit.drafts.edit(1, "In the lobby")
    kit.screen.composer.edit.setPlainText("In the big lobby")
    kit.client.rooms.create("build")
    await until(lambda: kit.client.state.shown.name == "build" and kit.client.state.shown.stage == "inside")
    await until(lambda: in_composer(kit) == (None, "", ""))
    assert kit.client.rooms.has_draft("lobby")
    await say(kit, "In build")
    kit.drafts.answer(1)
    kit.screen.composer.edit.setPlainText("An answer")
    kit.show_room("lobby")
    await until(lambda: in_composer(kit)[:2] == (Editing(1, ""), "In the big lobby"))
    QTest.keyClick(kit.screen.composer.edit, Qt.Key.Key_Escape)
    assert not kit.client.rooms.has_draft("lobby")
    kit.show_room("build")
    await until(lambda: in_composer(kit) == (Answering(1), "An answer", "Kit: In build"))


async def test_a_refused_edit_waits_in_its_own_room(hosted_chat: HostedChat) -> None:
    kit, mara = await hosted_chat.join("Kit"), await hosted_chat.join("Mara", hosting=True)
    await say(kit, "In the lobby")
    await until(lambda: mara.client.state.shown.transcript.find(1))
    mara.client.acts.delete(1)
    await until(lambda: kit.client.state.shown.transcript.find(1).deleted)
    kit.client.rooms.create("build")
    await until(lambda: kit.client.state.shown.name == "build" and kit.client.state.shown.stage == "inside")
    kit.show_room("lobby")
    kit.client.acts.edit(1, "Too late")
    kit.show_room("build")
    await until(lambda: hosted_chat.notices)
    await until(lambda: kit.client.rooms.has_draft("lobby"))
    assert in_composer(kit) == (None, "", "")
    kit.show_room("lobby")
    await until(lambda: in_composer(kit)[:2] == (Editing(1, ""), "Too late"))


async def test_an_edit_that_the_host_has_not_confirmed_is_kept_over_a_restart(
    hosted_chat: HostedChat, store: ClientStore
) -> None:
    kit = await hosted_chat.join("Kit", store=store)
    await say(kit, "First")
    kit.client._connection.send = lambda _command: None  # the line is dead, and nobody knows it yet
    kit.client.acts.edit(1, "First, better")
    kit.client._save()
    hosted_chat.running[-1].cancel()
    again = await hosted_chat.join("Kit", store=store)
    assert in_composer(again) == (None, "", "")
    again.drafts.edit(1, "First")
    assert in_composer(again)[:2] == (Editing(1, ""), "First, better")


async def test_a_refused_message_goes_on_as_an_answer_and_not_within_an_edit(hosted_chat: HostedChat) -> None:
    kit = await hosted_chat.join("Kit")
    await say(kit, "First")
    too_long = kit.client.send("x" * 8001, reply_to=1)
    await until(lambda: kit.client.state.shown.outbox.waiting == 0)
    kit.drafts.edit(1, "First")
    kit.drafts.take_back(too_long)
    assert in_composer(kit) == (Answering(1), "x" * 8001, "Kit: First")


async def test_where_the_history_is_deleted_an_edit_becomes_a_draft(hosted_chat: HostedChat) -> None:
    """The numbers of its messages mean others from then on."""
    mara = await hosted_chat.join("Mara", hosting=True)
    await say(mara, "First")
    mara.screen.composer.edit.setPlainText("A draft")
    mara.drafts.edit(1, "First")
    mara.screen.composer.edit.setPlainText("First, better")
    mara.client.clear_history()
    await until(lambda: in_composer(mara) == (None, "A draft\nFirst, better", ""))
    assert mara.client.rooms.draft == "A draft\nFirst, better"
    assert not mara.client.rooms.unfinished.edits
