"""What a key press means, for any widget."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def is_text_key(event: QKeyEvent) -> bool:
    """Whether the key types a character, and is no shortcut."""
    return bool(event.text()) and event.text().isprintable() and not event.modifiers() & _COMMANDS
