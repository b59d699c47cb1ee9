"""Telling screen readers what others see happen."""

import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.accessibility import Role

_READ_WITHIN = 30_000
"""Milliseconds in which even a busy reader asks what a notice says."""


def announce(source: QWidget, text: str) -> None:
    """Have this read out, if anybody listens.

    Orca knows Qt's announcements from version 48 on; every Orca reads out a notification that appears.
    """
    if not QAccessible.isActive():
        return
    if sys.platform == "linux":
        _Notice(source.window(), text)
    else:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, text))


class _Notice(QWidget):
    """Nothing to be seen. Each text has one of its own, for readers ask for the words some time after the event."""

    accessible_role = Role.Notification

    def __init__(self, window: QWidget, text: str) -> None:
        super().__init__(window)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(0, 0, 0, 0)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.ObjectShow))
        QTimer.singleShot(_READ_WITHIN, self, self.deleteLater)
