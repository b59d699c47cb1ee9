"""Messages by others: avatar, name and time, then the text at the common left edge."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.theme import SEMIBOLD
from chatdesk.desktop.widgets.common.avatar import paint_avatar
from chatdesk.desktop.widgets.common.painting import badge_size, paint_badge
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width
from chatdesk.desktop.widgets.timeline.blocks.block import Placed, Selection
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.protocol.appearance import hue

# Pixels as in the design, at 100 percent text.
_TIME_GAP, _TAG_GAP = 9, 8


def height(layout: RowLayout, row: MessageRow) -> int:
    """Return the row's height in pixels, with the gap above it."""
    return _words_top(layout, row) + layout.message(row).height


def paint(
    painter: QPainter, layout: RowLayout, row: MessageRow, selection: Selection | None = None, *, hovered: bool
) -> None:
    """Draw the row with its upper left corner at the painter's origin."""
    theme, top = layout.theme, layout.gap(first=row.first)
    if row.first:
        rect = QRectF(layout.side, top, layout.avatar, layout.avatar)
        paint_avatar(painter, rect, row.message.nickname, theme, author=row.message.author)
        _paint_name(painter, layout, row, top)
    elif hovered:
        _paint_gutter_time(painter, layout, row)
    painter.setPen(theme.color("text"))
    layout.message(row).paint(painter, layout.text_left, _words_top(layout, row), selection)


def body(layout: RowLayout, row: MessageRow) -> Placed:
    """Return what the row says, and where in the row."""
    return Placed(layout.text_left, _words_top(layout, row), layout.message(row))


def _words_top(layout: RowLayout, row: MessageRow) -> int:
    return layout.gap(first=row.first) + (layout.theme.line("ui") if row.first else 0)


def _paint_name(painter: QPainter, layout: RowLayout, row: MessageRow, top: int) -> None:
    """Paint the name, the badge of the host or a bot, the time."""
    theme, line = layout.theme, layout.theme.line("ui")
    name_font, time_font = theme.font("ui", SEMIBOLD), theme.font("small", tabular=True)
    time_width = QFontMetricsF(time_font).horizontalAdvance(row.time)
    tag = badge_size(theme, row.badge).width() + _TAG_GAP if row.badge else 0.0
    name = elided(row.message.nickname, name_font, layout.right - layout.text_left - tag - _TIME_GAP - time_width)
    _, foreground = theme.avatar(hue(row.message.nickname, row.message.author))
    painter.setPen(foreground)
    painter.setFont(name_font)
    width = text_width(name, name_font)
    paint_line(painter, QRectF(layout.text_left, top, width + 1, line), name)
    if row.badge:
        paint_badge(painter, layout.text_left + width + _TAG_GAP, top + line / 2, theme, row.badge)
    painter.setPen(theme.color("text-muted"))
    painter.setFont(time_font)
    painter.drawText(QRectF(layout.text_left + width + tag + _TIME_GAP, top, time_width + 1, line), _LEFT, row.time)


def _paint_gutter_time(painter: QPainter, layout: RowLayout, row: MessageRow) -> None:
    theme = layout.theme
    painter.setPen(theme.color("text-muted"))
    painter.setFont(theme.font("micro", 400, tabular=True))
    rect = QRectF(0, layout.row_gap, layout.side + layout.avatar, theme.line("message"))
    painter.drawText(rect, _RIGHT, row.time)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
