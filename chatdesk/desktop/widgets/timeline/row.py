"""Any row: which painter is for it."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from chatdesk.desktop.models.rows import Comings, Day, Row, Said, Unread, Unsent
from chatdesk.desktop.widgets.timeline import between, said, slip
from chatdesk.desktop.widgets.timeline.page import Hit, Page


def height(page: Page, row: Row) -> int:
    """How many pixels the row takes."""
    match row:
        case Said(own=False):
            return said.height(page, row)
        case Said() | Unsent():
            return slip.height(page, row)
        case Comings():
            return between.comings_height(page, row)
        case Day() | Unread():
            return between.line_height(page)


def paint(painter: QPainter, page: Page, row: Row, *, hovered: bool) -> None:
    """Draw the row with its upper left corner at the painter's origin."""
    match row:
        case Said(own=False):
            said.paint(painter, page, row, hovered=hovered)
        case Said() | Unsent():
            slip.paint(painter, page, row)
        case Comings():
            between.paint_comings(painter, page, row)
        case Day():
            between.paint_day(painter, page, row)
        case Unread():
            between.paint_unread(painter, page, row)


def hit(page: Page, row: Row, point: QPointF) -> Hit | None:
    """What a point of the row means, None for nothing."""
    match row:
        case Said(own=False):
            return said.hit(page, row, point)
        case Said() | Unsent():
            return slip.hit(page, row, point)
        case Comings():
            return between.comings_hit(page, row, point)
        case Day():
            return between.day_hit(page, row, point)
        case Unread():
            return None
