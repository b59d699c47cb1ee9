"""What a chat in the window shows beside other programs' notifications, on a real bus."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from jeepney import Message
from PySide6.QtCore import Qt

from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from tests.session_bus import Desktop, Shown, desktop, session_bus
from tests.waiting import until


@pytest_asyncio.fixture
async def shown_by(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desktop]:
    """A desktop that shows notifications."""
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        async with desktop(address) as made:
            yield made


@pytest.fixture
def window_aside(application: Application) -> None:
    """The person looks at another program."""
    application.set_application_state(Qt.ApplicationState.ApplicationInactive)


def titles(shown_by: Desktop) -> list[str]:
    return [shown.title for shown in shown_by.shown.values()]


def only(shown_by: Desktop) -> Shown:
    (shown,) = shown_by.shown.values()
    return shown


async def said(priya: ChatClient, conversation: Conversation, text: str) -> int:
    """Priya says this; return its number as soon as the window has it."""
    before = conversation.client.state.home.transcript.newest
    priya.send(text)
    await until(lambda: conversation.client.state.home.transcript.newest > before)
    return before + 1


async def test_what_is_said_meanwhile_is_shown_edited_folded_and_deleted(
    shown_by: Desktop, application: Application, conversation: Conversation, priya: ChatClient, window_aside: None
) -> None:
    first = await said(priya, conversation, "at nine")
    await until(lambda: titles(shown_by) == ["Priya in #lobby"])
    await until(lambda: priya.state.home.transcript.newest == first)
    priya.acts.edit(first, "at ten")
    await until(lambda: only(shown_by).body == "at ten")
    second = await said(priya, conversation, "bring cake")
    await until(lambda: titles(shown_by) == ["2 new messages in #lobby"])
    assert only(shown_by).body == "Priya: bring cake"
    priya.acts.delete(second)
    await until(lambda: titles(shown_by) == ["Priya in #lobby"])
    priya.acts.delete(first)
    await until(lambda: not shown_by.shown)


async def test_a_click_shows_the_window_at_the_message(
    shown_by: Desktop, application: Application, conversation: Conversation, priya: ChatClient, window_aside: None
) -> None:
    conversation.client.rooms.create("build")
    await until(lambda: conversation.client.state.shown.name == "build")
    application.set_application_state(Qt.ApplicationState.ApplicationInactive)
    seq = await said(priya, conversation, "Is it on?")
    await until(lambda: titles(shown_by) == ["Priya in #lobby"])
    application.window.showMinimized()
    (number,) = shown_by.shown
    await shown_by.click(number)
    await until(lambda: conversation.client.state.shown.name == "lobby")
    assert not application.window.isMinimized()
    await until(lambda: conversation.screen.timeline.read_tracker.last_seen >= seq)


async def test_it_goes_when_the_person_comes_back_or_leaves(
    shown_by: Desktop, application: Application, conversation: Conversation, priya: ChatClient, window_aside: None
) -> None:
    """Behaviour 20."""
    await said(priya, conversation, "one")
    await until(lambda: shown_by.shown)
    application.set_application_state(Qt.ApplicationState.ApplicationActive)
    await until(lambda: not shown_by.shown)
    application.set_application_state(Qt.ApplicationState.ApplicationInactive)
    await said(priya, conversation, "two")
    await until(lambda: shown_by.shown)
    conversation.leave()
    await until(lambda: not shown_by.shown)


async def test_what_was_put_away_is_not_counted_again(
    shown_by: Desktop, conversation: Conversation, priya: ChatClient, window_aside: None
) -> None:
    await said(priya, conversation, "one")
    await until(lambda: shown_by.shown)
    await shown_by.close(next(iter(shown_by.shown)), 2)
    await until(lambda: not conversation.client.notifications.shown)
    await said(priya, conversation, "two")
    await until(lambda: titles(shown_by) == ["Priya in #lobby"])


async def test_what_has_gone_by_itself_is_not_shown_again_by_an_edit(
    shown_by: Desktop, conversation: Conversation, priya: ChatClient, window_aside: None
) -> None:
    first = await said(priya, conversation, "one")
    await until(lambda: shown_by.shown)
    await shown_by.close(next(iter(shown_by.shown)), 1)
    priya.acts.edit(first, "two")
    await until(lambda: [each.body for each in conversation.client.notifications.shown] == ["two"])
    await said(priya, conversation, "three")
    await until(lambda: titles(shown_by) == ["2 new messages in #lobby"])
    assert shown_by.calls.count("Notify") == 2


async def test_settings_hide_the_text_or_all(
    shown_by: Desktop, application: Application, conversation: Conversation, priya: ChatClient, window_aside: None
) -> None:
    settings = application.window.settings_sheet
    settings.text_chosen.emit(False)
    await said(priya, conversation, "secret")
    await until(lambda: shown_by.shown)
    assert only(shown_by).body == "New message"
    settings.text_chosen.emit(True)
    await until(lambda: only(shown_by).body == "secret")
    settings.notifications_chosen.emit(False)
    await until(lambda: not shown_by.shown)
    await said(priya, conversation, "not shown")
    settings.notifications_chosen.emit(True)
    await said(priya, conversation, "shown")
    await until(lambda: titles(shown_by) == ["3 new messages in #lobby"])
    assert shown_by.calls.count("Notify") == 3


async def test_a_flood_replaces_a_notification_no_faster_than_it_can_be_read(
    shown_by: Desktop, conversation: Conversation, priya: ChatClient, window_aside: None
) -> None:
    for number in range(60):
        priya.send(f"number {number}")
    await until(lambda: titles(shown_by) == ["60 new messages in #lobby"], 20)
    assert shown_by.calls.count("Notify") < 15


async def test_where_nothing_shows_notifications_the_chat_goes_on(
    conversation: Conversation,
    priya: ChatClient,
    window_aside: None,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    application: Application,
) -> None:
    caplog.set_level(logging.INFO, "chatdesk.desktop.controllers.notifications")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    await said(priya, conversation, "anybody?")
    await until(lambda: "there is no session bus" in caplog.text)
    assert application.window.windowTitle().startswith("(1) ")
    assert not application.window.toast.isVisible()
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        await said(priya, conversation, "still nobody?")
        await until(lambda: "ServiceUnknown" in caplog.text)
        async with desktop(address) as late:
            await said(priya, conversation, "now?")
            await until(lambda: titles(late) == ["3 new messages in #lobby"])


async def test_what_comes_while_the_service_is_slow_is_shown_after_that(
    shown_by: Desktop,
    application: Application,
    conversation: Conversation,
    priya: ChatClient,
    window_aside: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conversation.client.rooms.create("build")
    await until(lambda: conversation.client.state.shown.name == "build")
    application.set_application_state(Qt.ApplicationState.ApplicationInactive)
    priya.rooms.enter("build")
    await until(lambda: "build" in priya.state.rooms)
    asked, may_answer, answer = asyncio.Event(), asyncio.Event(), shown_by._answer

    async def answer_slowly(call: Message) -> Message:
        asked.set()
        await may_answer.wait()
        return await answer(call)

    monkeypatch.setattr(shown_by, "_answer", answer_slowly)
    for room in ("build", "lobby"):
        priya.rooms.show(room)
        priya.send("hello")
        await until(asked.is_set)
    await until(lambda: len(conversation.client.notifications.shown) == 2)
    may_answer.set()
    await until(lambda: sorted(titles(shown_by)) == ["Priya in #build", "Priya in #lobby"])
