"""What a screen reader finds in a window: the accessible tree, and the tab order."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

_FILLERS = (QAccessible.Role.Client, QAccessible.Role.NoRole)
"""The roles that AT-SPI calls "filler", and no role."""


@dataclass(frozen=True)
class Part:
    """A node of the accessible tree."""

    role: QAccessible.Role
    name: str
    description: str
    focusable: bool


def parts(widget: QWidget) -> list[Part]:
    """Return all visible nodes of a widget, itself included."""
    return [_part(interface) for interface in _walk(QAccessible.queryAccessibleInterface(widget))]


def faults(widget: QWidget) -> list[str]:
    """Return what a screen reader would say wrongly, or not at all."""
    return [f"{fault}: {part}" for part in parts(widget) for fault in _faults(part)]


def names(widget: QWidget, role: QAccessible.Role) -> list[str]:
    """Return the names of all nodes with a role."""
    return [part.name for part in parts(widget) if part.role is role]


def tab_stops(window: QWidget, *, forward: bool = True) -> list[str]:
    """Return the names of the widgets in tab order, starting at the focus."""
    key = Qt.Key.Key_Tab if forward else Qt.Key.Key_Backtab
    start, stops = QApplication.focusWidget(), list[str]()
    assert start
    for _ in range(50):
        stop = QApplication.focusWidget()
        assert stop
        stops.append(QAccessible.queryAccessibleInterface(stop).text(QAccessible.Text.Name))
        QTest.keyClick(stop, key)
        if QApplication.focusWidget() is start:
            return stops
    raise AssertionError(f"the tabulator never comes back to {stops[0]}: {stops}")


def _walk(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    if not interface.state().invisible:
        yield interface
        for place in range(interface.childCount()):
            if child := interface.child(place):
                yield from _walk(child)


def _part(interface: QAccessibleInterface) -> Part:
    name, description = (interface.text(text) for text in (QAccessible.Text.Name, QAccessible.Text.Description))
    widget = interface.object()
    focusable = isinstance(widget, QWidget) and bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
    return Part(interface.role(), name, description, focusable and widget.isEnabled())


def _faults(part: Part) -> Iterator[str]:
    if part.role in _FILLERS and (part.name or part.description or part.focusable):
        yield "filler"
    if part.focusable and not part.name:
        yield "no name"
    if part.role in (QAccessible.Role.Button, QAccessible.Role.Graphic) and not part.name:
        yield "no name"
    if "<" in part.name + part.description:
        yield "markup"
    if part.description and part.description == part.name:
        yield "said twice"
