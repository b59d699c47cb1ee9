"""Telling screen readers what others see happen."""

import sys

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.accessibility.roles import Role

_DELAY_MS = 300
"""Milliseconds without news after which a result is announced."""

_NOTICE_LIFETIME_MS = 30_000
"""Milliseconds in which even a busy reader asks what a notice says."""


def announce(source: QWidget, text: str) -> None:
    """Have this read out, if anybody listens.

    Orca knows Qt's announcements from version 48 on; every Orca reads out a notification that appears.
    """
    if not QAccessible.isActive():
        return
    if sys.platform == "linux":
        _Notification(source.window(), text)
    else:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, text))


class DelayedAnnouncer(QObject):
    """Announces what came of typing in ``source``, once nothing has changed for a moment, and only when it is news."""

    def __init__(self, source: QWidget) -> None:
        super().__init__(source)
        self._source = source
        self._next = self._announced = ("", "")
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._delay.timeout.connect(self._announce_news)

    def set_text(self, text: str, about: str = "") -> None:
        """This is how it is now; nothing is said for an empty text. ``about`` makes the same words news."""
        self._next = about, text
        self._delay.start()

    def _announce_news(self) -> None:
        if self._next != self._announced and self._source.isVisible():
            self._announced = self._next
            if text := self._next[1]:
                announce(self._source, text)


class _Notification(QWidget):
    """Nothing to be seen. Each text has one of its own, for readers ask for the words some time after the event."""

    accessible_role = Role.Notification

    def __init__(self, window: QWidget, text: str) -> None:
        super().__init__(window)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(0, 0, 0, 0)
        self.show()
        QTimer.singleShot(_NOTICE_LIFETIME_MS, self, self.deleteLater)
