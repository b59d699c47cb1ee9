"""Tooltips that screen readers do not read. They would read Qt's own as a description, with the markup."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

from chatdesk.desktop.text import tooltip_markup


def set_tooltip(widget: QWidget, text: str, description: str = "") -> None:
    """Show the text as a tooltip of the widget; an empty text shows none.

    ``description`` becomes the accessible description, for what the accessible name does not say.
    """
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
            QToolTip.showText(event.globalPos(), tooltip_markup(self.text), watched)
        return shown
