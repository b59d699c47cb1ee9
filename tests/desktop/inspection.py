"""What is visible of a widget, what is cut off, and what has no name."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

HOSTILE = "<b>bold</b><img src=x> \u202eevil & <table>"


def texts(widget: QWidget) -> list[str]:
    """Return the texts of all visible labels."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget) and label.text()]


def clipped(widget: QWidget) -> list[str]:
    """Return visible widgets with less room than they need, or beyond their parent's edge."""
    kinds: tuple[type[QLabel], type[QAbstractButton]] = (QLabel, QAbstractButton)
    parts = [part for kind in kinds for part in widget.findChildren(kind) if part.isVisibleTo(widget)]
    return [_name(part) for part in parts if not isinstance(part.parent(), QLineEdit) and _is_cut(part)]


def unnamed(widget: QWidget) -> list[QWidget]:
    """Return controls without a name for screen readers."""
    controls = [part for kind in (QAbstractButton, QLineEdit) for part in widget.findChildren(kind)]
    return [
        part for part in controls if not (part.accessibleName() or (isinstance(part, QAbstractButton) and part.text()))
    ]


def settled_picture(widget: QWidget, qtbot: QtBot) -> QImage:
    """Return the widget's picture once its layout is final: the same picture twice, with all events in between."""
    pictures: list[QImage] = []

    def is_settled() -> bool:
        pictures.append(widget.grab().toImage())
        return pictures[-2:-1] == pictures[-1:]

    qtbot.waitUntil(is_settled)
    return pictures[-1]


def _is_cut(part: QLabel | QAbstractButton) -> bool:
    parent = part.parentWidget()
    if parent is not None and not parent.rect().contains(part.geometry()):
        return True
    if part.hasHeightForWidth():
        return part.heightForWidth(part.width()) > part.height()
    least = part.minimumSizeHint()
    return least.width() > part.width() or least.height() > part.height()


def _name(part: QLabel | QAbstractButton) -> str:
    return f"{part.text() or part.accessibleName()} {part.size().toTuple()} of {part.sizeHint().toTuple()}"
