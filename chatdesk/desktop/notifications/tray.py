"""Notifications on Windows and macOS: an icon in the tray shows them, and is there only as long as one is wanted.

Qt can neither change nor take back what the icon has shown, and tells of clicks on the last one only.
"""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSystemTrayIcon

from chatdesk.desktop.icons import app_icon
from chatdesk.desktop.notifications.service import Listener, ServiceError


class TrayService(QObject):
    """A ``NotificationService`` by an icon in the tray."""

    def __init__(self, listener: Listener) -> None:
        """Raises ServiceError where the tray shows no messages."""
        super().__init__()
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            raise ServiceError("no tray")
        self._listener = listener
        self._keys: list[str] = []
        self._icon = QSystemTrayIcon(app_icon(), self)
        self._icon.messageClicked.connect(self._clicked)
        self._icon.activated.connect(self._clicked)

    async def show(self, key: str, title: str, body: str) -> None:
        """As ``NotificationService``."""
        self._keys = [*(other for other in self._keys if other != key), key]
        self._icon.show()
        self._icon.showMessage(title, body, app_icon())

    async def hide(self, key: str) -> None:
        """As ``NotificationService``: with the icon of the last one all go."""
        self._keys = [other for other in self._keys if other != key]
        self._icon.setVisible(bool(self._keys))

    def is_shown(self, key: str) -> bool:
        """As ``NotificationService``: what is shown cannot be changed."""
        return False

    async def close(self) -> None:
        """As ``NotificationService``."""
        self._icon.hide()
        self.deleteLater()

    def _clicked(self) -> None:
        if self._keys:
            self._listener.clicked(self._keys[-1])
