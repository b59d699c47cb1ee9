"""Shows what the chat notifies of beside other programs' notifications, as the person has chosen."""

import asyncio
import logging

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from chatdesk.client.notifications import Notification
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.notifications.service import Listener, NotificationService, OpenNotifications, ServiceError
from chatdesk.desktop.notifications.window_signals import WindowSignals
from chatdesk.desktop.settings import Settings
from chatdesk.desktop.tasks import Tasks

_PAUSE_SECONDS = 0.5
"""Between two updates: however fast messages come, a notification is replaced no faster than one can read."""

logger = logging.getLogger(__name__)


class NotificationsController(QObject):
    """Compares what is to be shown with what is shown, and tells the service the difference."""

    def __init__(self, window: QWidget, settings: Settings, tasks: Tasks, open_service: OpenNotifications) -> None:
        super().__init__(window)
        self._open_service = open_service
        self._window, self._settings, self._tasks = window, settings, tasks
        self._conversation: Conversation | None = None
        self._wanted: dict[str, Notification] = {}
        self._said: dict[str, tuple[str, str]] = {}
        """The words that each notification was shown with last."""
        self._news: dict[str, int] = {}
        self._changed = asyncio.Event()
        self._signals = WindowSignals(window)
        self._service: NotificationService | None = None

    def start(self) -> None:
        """Show notifications until all tasks end."""
        self._tasks.start(self._run(), "notifications")

    def set_conversation(self, conversation: Conversation | None) -> None:
        """Show the notifications of another chat, or of none."""
        self._conversation = conversation
        self._news.clear()
        self.refresh()

    @property
    def enabled(self) -> bool:
        """Whether the person wants notifications."""
        return self._settings.notifications

    @property
    def text_shown(self) -> bool:
        """Whether they want them to show what was written."""
        return self._settings.notification_text

    def set_enabled(self, on: bool) -> None:
        """Show notifications or not, and remember it."""
        self._settings.notifications = on
        self.refresh()

    def set_text_shown(self, shown: bool) -> None:
        """Show what was written or only by whom, and remember it."""
        self._settings.notification_text = shown
        self.refresh()

    def refresh(self) -> None:
        """The chat notifies of something else, or the person has chosen otherwise."""
        shown = self._conversation.client.notifications.shown if self._conversation else ()
        self._wanted = {notification.key: notification for notification in shown}
        self._changed.set()

    async def _run(self) -> None:
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                await self._update()
                await asyncio.sleep(_PAUSE_SECONDS)
        finally:
            if self._service:
                await self._service.close()

    async def _update(self) -> None:
        """Show what is new, change what is shown, and take back what is not wanted any longer."""
        wanted = self._wanted if self.enabled else {}
        known, self._news = self._news, {key: notification.news for key, notification in self._wanted.items()}
        for key in self._said.keys() - wanted.keys():
            del self._said[key]
            await self._hide(key)
        for key, notification in wanted.items():
            words = self._words(notification)
            is_new = notification.news > known.get(key, 0)
            if is_new or (self._said.get(key) != words and self._service and self._service.is_shown(key)):
                self._said[key] = words
                await self._show(key, *words)

    def _words(self, notification: Notification) -> tuple[str, str]:
        body = notification.body if self.text_shown else notification.quiet
        return notification.title, body

    async def _show(self, key: str, title: str, body: str) -> None:
        try:
            self._service = self._service or await self._open_service(Listener(self._clicked, self._dismissed))
            await self._service.show(key, title, body)
        except ServiceError as error:
            logger.info("No notification is shown: %s", error)
            await self._forget_service()
            await self._signals.show(key, title, body)

    async def _hide(self, key: str) -> None:
        try:
            if self._service:
                await self._service.hide(key)
        except ServiceError as error:
            logger.info("A notification may stay: %s", error)
            await self._forget_service()

    async def _forget_service(self) -> None:
        """Connect again for the next notification: the service may have been started later, or again."""
        service, self._service = self._service, None
        if service:
            await service.close()

    def _clicked(self, key: str) -> None:
        """Show the window at the message."""
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        notification = self._wanted.get(key)
        if notification and self._conversation:
            self._conversation.go_to(notification.room, notification.seq)

    def _dismissed(self, key: str) -> None:
        if self._conversation:
            self._conversation.client.notifications.dismiss(key)
            self.refresh()
