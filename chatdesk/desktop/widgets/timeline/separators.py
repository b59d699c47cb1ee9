"""Rows between messages: the line of a new day, the line above unread messages, and who joined or left."""

from datetime import date
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from chatdesk.desktop.date_format import format_day
from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.rows import DaySeparator, PresenceRow, UnreadSeparator
from chatdesk.desktop.theme import SEMIBOLD
from chatdesk.desktop.widgets.common.avatar import paint_small_avatar
from chatdesk.desktop.widgets.timeline.blocks.column import Body
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.targets import ClickTarget, OpenCalendar, Toggle

# Pixels as in the design, at 100 percent text.
_DAY_ABOVE = 13
_LINE_GAP = 12
_DISC, _DISC_STEP = 14, 9
_CHEVRON, _CHEVRON_GAP = 16, 5


def separator_height(layout: RowLayout) -> int:
    """Return the height of the line of a day, or of the unread line, in pixels."""
    return layout.theme.px(_DAY_ABOVE) + layout.theme.line("small") + 1


def paint_day(painter: QPainter, layout: RowLayout, row: DaySeparator) -> None:
    """Paint the label at the left edge, and a hairline to the right."""
    _paint_line(painter, layout, format_day(row.day, date.today()), "text-muted", ("border", 1))


def paint_unread(painter: QPainter, layout: RowLayout, row: UnreadSeparator) -> None:
    """Paint the same in the colour for unread messages, with a thicker line."""
    line = layout.theme.tokens["border"]["unreadLine"]
    _paint_line(painter, layout, row.sentence, "unread-text", ("unread-line", line))


def day_target(layout: RowLayout, row: DaySeparator, point: QPointF) -> ClickTarget | None:
    """Return what a click on the line of a day means: its label opens the calendar."""
    top = layout.theme.px(_DAY_ABOVE)
    label = QRectF(
        layout.text_left, top, _label_width(layout, format_day(row.day, date.today())), layout.theme.line("small")
    )
    return OpenCalendar() if label.contains(point) else None


def _paint_line(painter: QPainter, layout: RowLayout, label: str, foreground: str, line: tuple[str, int]) -> None:
    theme, width = layout.theme, _label_width(layout, label)
    top, height = theme.px(_DAY_ABOVE), theme.line("small")
    painter.setPen(theme.color(foreground))
    painter.setFont(theme.font("small", SEMIBOLD))
    painter.drawText(QRectF(layout.text_left, top, width + 1, height), Qt.AlignmentFlag.AlignVCenter, label)
    start = layout.text_left + width + _LINE_GAP
    role, thickness = line
    painter.fillRect(QRectF(start, top + height // 2, layout.right - start, thickness), theme.color(role))


def _label_width(layout: RowLayout, label: str) -> int:
    return ceil(QFontMetricsF(layout.theme.font("small", SEMIBOLD)).horizontalAdvance(label))


def presence_height(layout: RowLayout, row: PresenceRow) -> int:
    """Return the height of a presence row in pixels, with the gap above it."""
    return layout.group_gap + _sentence_block(layout, row).height


def paint_presence(painter: QPainter, layout: RowLayout, row: PresenceRow) -> None:
    """Paint up to three small avatars in the left column, and the sentence."""
    theme, top, block = layout.theme, layout.group_gap, _sentence_block(layout, row)
    disc, step = theme.px(_DISC), theme.px(_DISC_STEP)
    avatars = row.avatars
    left = layout.side + (layout.avatar - disc - step * (len(avatars) - 1)) / 2
    for position, person in enumerate(avatars):
        rect = QRectF(left + position * step, top + (theme.line("label") - disc) / 2, disc, disc)
        paint_small_avatar(painter, rect, person.nickname, theme, author=person.author)
    painter.setPen(theme.color("text-muted"))
    block.paint(painter, layout.text_left, top)
    if row.is_expandable:
        side = theme.px(_CHEVRON)
        x, y = layout.text_left + block.width + _CHEVRON_GAP, top + (theme.line("label") - side) // 2
        painter.translate(min(x, layout.right - side) + side / 2, y + side / 2)
        painter.rotate(180 if row.is_expanded else 0)
        paint_icon(painter, QRectF(-side / 2, -side / 2, side, side), "chevron-down", theme.color("text-muted"))


def _sentence_block(layout: RowLayout, row: PresenceRow) -> Body:
    return layout.label(row.sentence, row.strong)


def presence_target(layout: RowLayout, row: PresenceRow, point: QPointF) -> ClickTarget | None:
    """Return what a click on a presence row means: the whole line opens it, if there are more names."""
    end = layout.text_left + _sentence_block(layout, row).width + _CHEVRON_GAP + layout.theme.px(_CHEVRON)
    return Toggle() if row.is_expandable and layout.side <= point.x() <= end and point.y() >= layout.group_gap else None
