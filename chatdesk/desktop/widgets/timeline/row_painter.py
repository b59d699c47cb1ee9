"""Any row: which painter is for it."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from chatdesk.desktop.models.rows import Comings, Day, Row, Said, Unread, Unsent
from chatdesk.desktop.widgets.timeline import message_row, own_message, separators
from chatdesk.desktop.widgets.timeline.row_layout import Hit, Page


def height(page: Page, row: Row) -> int:
    """How many pixels the row takes."""
    match row:
        case Said(own=False):
            return message_row.height(page, row)
        case Said() | Unsent():
            return own_message.height(page, row)
        case Comings():
            return separators.comings_height(page, row)
        case Day() | Unread():
            return separators.line_height(page)


def paint(painter: QPainter, page: Page, row: Row, *, hovered: bool) -> None:
    """Draw the row with its upper left corner at the painter's origin."""
    match row:
        case Said(own=False):
            message_row.paint(painter, page, row, hovered=hovered)
        case Said() | Unsent():
            own_message.paint(painter, page, row)
        case Comings():
            separators.paint_comings(painter, page, row)
        case Day():
            separators.paint_day(painter, page, row)
        case Unread():
            separators.paint_unread(painter, page, row)


def hit(page: Page, row: Row, point: QPointF) -> Hit | None:
    """What a point of the row means, None for nothing."""
    match row:
        case Said(own=False):
            return message_row.hit(page, row, point)
        case Said() | Unsent():
            return own_message.hit(page, row, point)
        case Comings():
            return separators.comings_hit(page, row, point)
        case Day():
            return separators.day_hit(page, row, point)
        case Unread():
            return None
