"""Accessible roles for custom widgets, which assistive technology would otherwise call "filler".

A widget sets its role as ``accessible_role``, and its name with ``setAccessibleName`` like any other.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

Role = QAccessible.Role


def install_accessible_roles() -> None:
    """Install the factory that gives widgets their roles, for as long as the program runs."""
    QAccessible.installFactory(_describe)


class _Description(QAccessibleWidget):
    def state(self) -> QAccessible.State:
        """Mark dialogs as modal: they keep the focus inside."""
        state = super().state()
        state.modal = self.role() is Role.Dialog
        return state


def _describe(_class: str, described: QObject) -> QAccessibleInterface | None:
    """Return the interface of a widget with a role; None for all others, which Qt describes itself."""
    role = getattr(described, "accessible_role", None)
    return _Description(described, role) if isinstance(described, QWidget) and role is not None else None
