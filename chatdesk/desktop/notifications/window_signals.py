"""What the window itself can do where nothing shows notifications: its entry in the taskbar asks for attention.

The title counts what is unread in any case.
"""

from PySide6.QtWidgets import QApplication, QWidget


class WindowSignals:
    """A ``NotificationService`` that says only that there is something new."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    async def show(self, key: str, title: str, body: str) -> None:
        """As ``NotificationService``."""
        QApplication.alert(self._window)

    async def hide(self, key: str) -> None:
        """As ``NotificationService``."""

    def is_shown(self, key: str) -> bool:
        """As ``NotificationService``: what is said cannot be said otherwise."""
        return False

    async def close(self) -> None:
        """As ``NotificationService``."""
