"""Reads a widget's tooltip."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

_BEFORE = "another tooltip"


def tip(widget: QWidget) -> str:
    """Return the tooltip's text; empty for none."""
    place = widget.rect().center()
    QToolTip.showText(widget.mapToGlobal(place), _BEFORE)
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
    shown = QToolTip.text()
    QToolTip.hideText()
    return "" if shown == _BEFORE else shown
