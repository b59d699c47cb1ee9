"""Announcements: tells screen readers what sighted people see happen."""

import sys

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.accessibility.roles import Role

_DELAY_MS = 300
"""Milliseconds without a new text before it is announced: longer than the pause between two typed letters."""

_NOTICE_LIFETIME_MS = 30_000
"""Milliseconds for which a notification exists: even a busy reader asks for its text by then."""


def announce(source: QWidget, text: str) -> None:
    """Have a screen reader say ``text``, if one is running. ``source`` is the widget that it is about.

    Orca supports Qt's announcements from version 48 on; every version reads a notification that appears.
    """
    if not QAccessible.isActive():
        return
    if sys.platform == "linux":
        _Notification(source.window(), text)
    else:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, text))


class DelayedAnnouncer(QObject):
    """Announces the result of typing in ``source`` once it has been stable for 300 ms, and only if it is new."""

    def __init__(self, source: QWidget) -> None:
        super().__init__(source)
        self._source = source
        self._next = self._announced = ("", "")
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._delay.timeout.connect(self._announce_news)

    def set_text(self, text: str, context: str = "") -> None:
        """Set the current result; an empty text is not announced. Another ``context`` makes the same text new."""
        self._next = context, text
        self._delay.start()

    def _announce_news(self) -> None:
        if self._next != self._announced and self._source.isVisible():
            self._announced = self._next
            if text := self._next[1]:
                announce(self._source, text)


class _Notification(QWidget):
    """An invisible widget, one for each text, since readers ask for its text some time after the event."""

    accessible_role = Role.Notification

    def __init__(self, window: QWidget, text: str) -> None:
        super().__init__(window)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(0, 0, 0, 0)
        self.show()
        QTimer.singleShot(_NOTICE_LIFETIME_MS, self, self.deleteLater)
