"""Menus as they open."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from chatdesk.desktop.announce import announce


def open_menu(menu: QMenu, point: QPoint) -> None:
    """Open the menu at this point of the screen. No entry is chosen yet, so readers would say nothing of it."""
    if parent := menu.parentWidget():
        announce(parent, f"{menu.accessibleName()} menu")
    menu.popup(point)
