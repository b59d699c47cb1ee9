"""Input methods, as for Chinese and Japanese: while they compose, their keys must not act on the field."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

_KEYS = frozenset(
    {
        *(Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab),
        *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End),
        *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Backspace, Qt.Key.Key_Delete),
    }
)
"""Keys that choose, confirm or cancel a composition."""


class CompositionGuard(QObject):
    """Keeps those keys from ``edit`` during a composition; some systems send them to the field, too.

    ``active`` is whether something is being composed; ``changed`` carries it.
    """

    changed = Signal(bool)

    def __init__(self, edit: QWidget) -> None:
        super().__init__(edit)
        self.active = False
        edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent):
            self._set(bool(event.preeditString()))
        elif event.type() == QEvent.Type.FocusOut:
            self._set(False)
        elif self.active and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()  # as a shortcut, too
            return True
        return False

    def _set(self, active: bool) -> None:
        if active != self.active:
            self.active = active
            self.changed.emit(active)
