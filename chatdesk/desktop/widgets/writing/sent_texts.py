"""What one has sent, to write it again: Ctrl+Up goes back, Ctrl+Down forward. Up in an empty field edits the last."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

_MOST = 50
"""Texts that are kept: nobody goes further back by one key."""


class SentTexts(QObject):
    """``edit_last_requested`` is emitted for Up in an empty field."""

    edit_last_requested = Signal()

    def __init__(self, edit: QPlainTextEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._texts: list[str] = []
        self._place = 0
        """How many texts back the field is; 0 is what is being written now."""
        self._unsent = ""
        edit.installEventFilter(self)

    def add(self, text: str) -> None:
        """The person has sent this."""
        self._texts = [*(other for other in self._texts if other != text), text][-_MOST:]
        self._place = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if step and modifiers == Qt.KeyboardModifier.ControlModifier:
            self._go(step)
            return True
        if step == 1 and modifiers == Qt.KeyboardModifier.NoModifier and self._edit.document().isEmpty():
            self.edit_last_requested.emit()
            return True
        return False

    def _go(self, step: int) -> None:
        place = min(max(self._place + step, 0), len(self._texts))
        if place == self._place:
            return
        if self._place == 0:
            self._unsent = self._edit.toPlainText()
        self._place = place
        self._edit.selectAll()
        self._edit.insertPlainText(self._texts[-place] if place else self._unsent)
        self._edit.moveCursor(QTextCursor.MoveOperation.End)
