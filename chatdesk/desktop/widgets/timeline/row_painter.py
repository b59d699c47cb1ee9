"""Measures and paints rows of any kind, by the painter for their type."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from chatdesk.desktop.models.rows import DaySeparator, MessageRow, PresenceRow, Row, UnreadSeparator, UnsentRow
from chatdesk.desktop.widgets.timeline import deleted_message, message_row, own_message, separators
from chatdesk.desktop.widgets.timeline.blocks.block import Part, Placed, Selection
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.targets import ClickTarget


def height(layout: RowLayout, row: Row) -> int:
    """Return the height of a row in pixels."""
    match row:
        case MessageRow() if row.removal:
            return deleted_message.height(layout, row)
        case MessageRow(own=False):
            return message_row.height(layout, row)
        case MessageRow() | UnsentRow():
            return own_message.height(layout, row)
        case PresenceRow():
            return separators.presence_height(layout, row)
        case DaySeparator() | UnreadSeparator():
            return separators.separator_height(layout)


def paint(painter: QPainter, layout: RowLayout, row: Row, selection: Selection | None = None, *, hovered: bool) -> None:
    """Draw the row with its upper left corner at the painter's origin."""
    match row:
        case MessageRow() if row.removal:
            deleted_message.paint(painter, layout, row)
        case MessageRow(own=False):
            message_row.paint(painter, layout, row, selection, hovered=hovered)
        case MessageRow() | UnsentRow():
            own_message.paint(painter, layout, row, selection)
        case PresenceRow():
            separators.paint_presence(painter, layout, row)
        case DaySeparator():
            separators.paint_day(painter, layout, row)
        case UnreadSeparator():
            separators.paint_unread(painter, layout, row)


def body(layout: RowLayout, row: Row) -> Placed | None:
    """Return what a message says, and where in its row; None for other rows."""
    return next(iter(_blocks(layout, row)), None)


def parts(layout: RowLayout, row: Row) -> list[Part]:
    """Return what can be clicked in a message, in reading order, with rectangles in the row."""
    found = [
        Part(part.rect.translated(placed.x, placed.y), part.target)
        for placed in _blocks(layout, row)
        for part in placed.block.parts()
    ]
    return found + _actions(layout, row)


def is_edited_mark(layout: RowLayout, row: Row, point: QPointF) -> bool:
    """Return whether a point is at the mark of a message that was edited."""
    if not isinstance(row, MessageRow) or not row.edited:
        return False
    mark = own_message.edited_mark(layout, row) if row.own else message_row.edited_mark(layout, row)
    return mark.contains(point)


def target_at(layout: RowLayout, row: Row, point: QPointF) -> ClickTarget | None:
    """Return what a click at a point of the row means; None for nothing."""
    match row:
        case MessageRow() | UnsentRow():
            return _message_target(layout, row, point)
        case PresenceRow():
            return separators.presence_target(layout, row, point)
        case DaySeparator():
            return separators.day_target(layout, row, point)
        case UnreadSeparator():
            return None


def _message_target(layout: RowLayout, row: MessageRow | UnsentRow, point: QPointF) -> ClickTarget | None:
    for part in _actions(layout, row):
        if part.rect.contains(point):
            return part.target
    for placed in _blocks(layout, row):
        if target := placed.block.target_at(point.x() - placed.x, point.y() - placed.y):
            return target
    return None


def _actions(layout: RowLayout, row: Row) -> list[Part]:
    own = isinstance(row, UnsentRow) or (isinstance(row, MessageRow) and row.own and not row.removal)
    return own_message.action_parts(layout, row) if own and isinstance(row, MessageRow | UnsentRow) else []


def _blocks(layout: RowLayout, row: Row) -> list[Placed]:
    match row:
        case MessageRow() if row.removal:
            return []
        case MessageRow(own=False):
            return message_row.blocks(layout, row)
        case MessageRow() | UnsentRow():
            return own_message.blocks(layout, row)
        case _:
            return []
