"""The program under test: its window is used as a person does, with a real server on loopback."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from chatdesk.app import host_beside_window
from chatdesk.config import ServerConfig
from chatdesk.desktop import wiring
from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.confirm import ConfirmSheet
from chatdesk.desktop.hosting import OpenHost
from chatdesk.desktop.settings import Settings
from chatdesk.desktop.theme import Theme
from tests.waiting import until

CONFIG = ServerConfig(bind="127.0.0.1", port=0)


class Program:
    """A running application and its window."""

    def __init__(
        self,
        qapp: QApplication,
        file: Path,
        config: ServerConfig = CONFIG,
        open_host: OpenHost = host_beside_window,
    ) -> None:
        self._qapp = qapp
        self.settings = Settings(file)
        self.application = Application(Theme(qapp, "light"), self.settings, open_host, config)
        wiring.connect(self.application)
        self.window = self.application.window
        self._closed = asyncio.Event()
        self.window.closed.connect(self._closed.set)
        self.running = asyncio.create_task(self.application.run(lambda: None, self._closed.wait()))

    @property
    def conversation(self) -> Conversation | None:
        return self.application._conversation

    def edit(self, name: str) -> QLineEdit:
        return next(edit for edit in self.window.start.findChildren(QLineEdit) if edit.accessibleName() == name)

    def press(self, text: str) -> None:
        """Click the visible button with this text or name."""
        buttons = [b for b in self.window.findChildren(QPushButton) if text in (b.text(), b.accessibleName())]
        QTest.mouseClick(next(button for button in buttons if button.isVisible()), Qt.MouseButton.LeftButton)

    def confirm_sheet(self) -> ConfirmSheet | None:
        return next((asked for asked in self.window.findChildren(ConfirmSheet) if asked.isVisible()), None)

    def answer(self, text: str) -> None:
        asked = self.confirm_sheet()
        assert asked is not None
        button = next(button for button in asked.findChildren(QPushButton) if button.text() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    @property
    def at_start(self) -> bool:
        return self.window.start.isVisible() and self.edit("Your name").isEnabled()

    async def joined(self) -> Conversation:
        await until(lambda: self.conversation and self.conversation.screen.isVisible())
        assert self.conversation is not None
        return self.conversation

    async def close(self) -> None:
        if self.running.done():
            return
        self.window.close()
        await asyncio.wait_for(self.running, 20)
        # A later change of the time zone would reach this application, whose widgets are deleted.
        self._qapp.applicationStateChanged.disconnect(self.application.set_application_state)


def let_go(application: Application) -> None:
    """Delete it with its window: the functions on their signals keep both alive, and slow down all tests after it."""
    for part in (application.window, application, application.theme):
        part.deleteLater()
