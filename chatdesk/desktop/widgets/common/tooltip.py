"""Tooltips, for people who point. Qt would have its own read out, markup and all, as if they described the widget."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

from chatdesk.desktop.text import plain


def set_tooltip(widget: QWidget, text: str, description: str = "") -> None:
    """Show this text where somebody points at the widget; ``description`` is read out, where its name says less."""
    tip = widget.findChild(_Tip, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if text and tip is None:
        tip = _Tip(widget)
    if isinstance(tip, _Tip):
        tip.text = text
    if description != widget.accessibleDescription():
        widget.setAccessibleDescription(description)


class _Tip(QObject):
    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.text = ""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.ToolTip and bool(self.text)
        if shown and isinstance(event, QHelpEvent) and isinstance(watched, QWidget):
            QToolTip.showText(event.globalPos(), plain(self.text), watched)
        return shown
