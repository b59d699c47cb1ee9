"""Margins that follow the direction of the interface: layouts mirror what is in them, but not their margins."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout


def set_margins(layout: QLayout, start: int, top: int, end: int, bottom: int) -> None:
    """Set margins in pixels; ``start`` is at the side where lines begin."""
    mirrored = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    left, right = (end, start) if mirrored else (start, end)
    layout.setContentsMargins(left, top, right, bottom)
