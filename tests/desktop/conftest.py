"""Fixtures of the window's tests. Each test has a data folder of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from chatdesk.app import host_beside_window, open_notifications
from chatdesk.client.client import ChatClient
from chatdesk.config import ServerConfig
from chatdesk.desktop import wiring
from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.settings import Settings
from chatdesk.desktop.theme import Theme
from tests.desktop.hosted_chat import CONFIG, HostedChat
from tests.desktop.program import Program, let_go
from tests.waiting import until

_START_SECONDS = 20
"""Starting or ending the program takes a second, and seven on two cores with ten busy processes."""


@pytest.fixture(autouse=True)
def fresh_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Histories and nicknames outlive a server, so each test hosts in its own folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture(autouse=True)
def no_notifications(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is shown on the desktop of the person who runs the tests."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Delete the windows of each test: every later theme would restyle them, which takes longer than most tests.

    Likewise what is on the clipboard: another test could paste it, and at the end of all, after Python's, Qt would
    delete it, which crashes if a test has made it.
    """
    yield
    if QApplication.instance():
        QApplication.clipboard().clear()
        for window in QApplication.topLevelWidgets():
            window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def keep_loop_running(qapp: QApplication) -> Iterator[None]:
    """Keep the loop running when the last window closes, as the program does."""
    qapp.setQuitOnLastWindowClosed(False)
    yield
    qapp.setQuitOnLastWindowClosed(True)


@pytest_asyncio.fixture
async def program(keep_loop_running: None, qapp: QApplication, tmp_path: Path) -> AsyncIterator[Program]:
    made = Program(qapp, tmp_path / "settings.ini")
    await until(lambda: made.at_start, _START_SECONDS)
    made.edit("Your name").setText("Mara")
    yield made
    await made.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert not made.window.isVisible()
    let_go(made.application)


@pytest_asyncio.fixture
async def hosted_chat(keep_loop_running: None, qapp: QApplication) -> AsyncIterator[HostedChat]:
    stack = AsyncExitStack()
    hosted = await stack.enter_async_context(host_beside_window(CONFIG))
    made = HostedChat(Theme(qapp, "light"), hosted, stack)
    yield made
    await made.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest_asyncio.fixture
async def application(keep_loop_running: None, qapp: QApplication, tmp_path: Path) -> AsyncIterator[Application]:
    """The program, hosting as Mara."""
    config = ServerConfig(bind="127.0.0.1", port=0, message_rate=0)
    settings = Settings(tmp_path / "settings.ini")
    made = Application(
        Theme(qapp, "light"), settings, host_beside_window, config, open_notifications=open_notifications
    )
    wiring.connect(made)
    closed = asyncio.Event()
    made.window.closed.connect(closed.set)
    running = asyncio.create_task(made.run(lambda: made.host(nickname="Mara"), closed.wait()))
    await until(lambda: made._conversation and made._conversation.screen.isVisible(), _START_SECONDS)
    yield made
    made.window.close()
    await asyncio.wait_for(running, _START_SECONDS)
    # A later change of the time zone would reach this application, whose widgets are deleted.
    qapp.applicationStateChanged.disconnect(made.set_application_state)
    let_go(made)


@pytest.fixture
def conversation(application: Application) -> Conversation:
    """The chat that it hosts."""
    assert application._conversation is not None
    return application._conversation


@pytest_asyncio.fixture
async def priya(conversation: Conversation) -> AsyncIterator[ChatClient]:
    """Another client in this chat."""
    client = ChatClient(conversation.client._url, "Priya", on_changes=lambda _: None)
    running = asyncio.create_task(client.run())
    await until(lambda: client.state.online)
    yield client
    client.stop()
    await asyncio.wait([running], timeout=15)  # cancelled while it closes, it would leave its socket behind
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
