"""Messages that were deleted: a bin in the gutter, and a muted sentence that says who has done it."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout

_ICON = 16


def height(layout: RowLayout, row: MessageRow) -> int:
    """Return the row's height in pixels, with the gap above it."""
    return layout.group_gap + layout.label(row.removal).height


def paint(painter: QPainter, layout: RowLayout, row: MessageRow) -> None:
    """Draw the row with its upper left corner at the painter's origin."""
    theme, top, side = layout.theme, layout.group_gap, layout.theme.px(_ICON)
    left = layout.side + (layout.avatar - side) // 2
    icon = QRectF(left, top + (theme.line("label") - side) // 2, side, side)
    paint_icon(painter, icon, "trash", theme.color("text-muted"))
    painter.setPen(theme.color("text-muted"))
    layout.label(row.removal).paint(painter, layout.text_left, top)
