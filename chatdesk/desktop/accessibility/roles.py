"""What assistive technology is told of widgets that Qt does not know: each of them would be "filler" to it.

A widget names its kind in ``accessible_role``, and has its name by ``setAccessibleName`` as any other.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

Role = QAccessible.Role


def install_accessible_roles() -> None:
    """Let Qt ask here first, for as long as the program runs."""
    QAccessible.installFactory(_describe)


class _Description(QAccessibleWidget):
    def state(self) -> QAccessible.State:
        """What lies over the window as a dialog keeps the keys to itself."""
        state = super().state()
        state.modal = self.role() is Role.Dialog
        return state


def _describe(_class: str, described: QObject) -> QAccessibleInterface | None:
    """The description of a widget that names its kind; None for what Qt describes by itself."""
    role = getattr(described, "accessible_role", None)
    return _Description(described, role) if isinstance(described, QWidget) and role is not None else None
