"""Measures and paints rows of any kind, by the painter for their type."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from chatdesk.desktop.models.rows import DaySeparator, MessageRow, PresenceRow, Row, UnreadSeparator, UnsentRow
from chatdesk.desktop.widgets.timeline import message_row, own_message, separators
from chatdesk.desktop.widgets.timeline.row_layout import ClickTarget, RowLayout


def height(layout: RowLayout, row: Row) -> int:
    """Return the height of a row in pixels."""
    match row:
        case MessageRow(own=False):
            return message_row.height(layout, row)
        case MessageRow() | UnsentRow():
            return own_message.height(layout, row)
        case PresenceRow():
            return separators.presence_height(layout, row)
        case DaySeparator() | UnreadSeparator():
            return separators.separator_height(layout)


def paint(painter: QPainter, layout: RowLayout, row: Row, *, hovered: bool) -> None:
    """Draw the row with its upper left corner at the painter's origin."""
    match row:
        case MessageRow(own=False):
            message_row.paint(painter, layout, row, hovered=hovered)
        case MessageRow() | UnsentRow():
            own_message.paint(painter, layout, row)
        case PresenceRow():
            separators.paint_presence(painter, layout, row)
        case DaySeparator():
            separators.paint_day(painter, layout, row)
        case UnreadSeparator():
            separators.paint_unread(painter, layout, row)


def target_at(layout: RowLayout, row: Row, point: QPointF) -> ClickTarget | None:
    """Return what a click at a point of the row means; None for nothing."""
    match row:
        case MessageRow(own=False):
            return message_row.target_at(layout, row, point)
        case MessageRow() | UnsentRow():
            return own_message.target_at(layout, row, point)
        case PresenceRow():
            return separators.presence_target(layout, row, point)
        case DaySeparator():
            return separators.day_target(layout, row, point)
        case UnreadSeparator():
            return None
