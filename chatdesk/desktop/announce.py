"""Telling screen readers what others see happen."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(source: QWidget, text: str) -> None:
    """Have this read out when the reader is silent."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, text))
