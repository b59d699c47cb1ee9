"""Messages by others: avatar, name and time, then the text at the common left edge."""

from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.theme import SEMIBOLD
from chatdesk.desktop.widgets.common.avatar import author_ink, paint_author
from chatdesk.desktop.widgets.common.painting import badge_size, paint_badge, paint_panel
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width
from chatdesk.desktop.widgets.timeline.blocks.block import Placed, Selection
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout

# Pixels as in the design, at 100 percent text.
_TIME_GAP, _TAG_GAP = 9, 8
_REACTIONS_GAP, _BELOW_REACTIONS = 6, 6
_MENTION_BAR = 13
"""Pixels from the bar of a message that mentions one to the avatar."""
_EDITED = "edited"


def height(layout: RowLayout, row: MessageRow) -> int:
    """Return the row's height in pixels, with the gap above it."""
    *_, last = blocks(layout, row)
    below = layout.theme.px(_BELOW_REACTIONS) if layout.reactions(row) else 0
    return ceil(last.y + last.block.height) + below


def paint(
    painter: QPainter, layout: RowLayout, row: MessageRow, selection: Selection | None = None, *, hovered: bool
) -> None:
    """Draw the row with its upper left corner at the painter's origin."""
    theme, top = layout.theme, layout.gap(first=row.first)
    if row.means_own:
        width = theme.tokens["border"]["mentionBar"]
        bar = QRectF(layout.side - theme.px(_MENTION_BAR), top, width, height(layout, row) - top)
        paint_panel(painter, bar, width / 2, theme.color("mention-border"))
    if row.first:
        rect = QRectF(layout.side, top, layout.avatar, layout.avatar)
        paint_author(painter, rect, row.message, theme)
        _paint_name(painter, layout, row, top)
    elif hovered or row.edited:
        _paint_gutter(painter, layout, row.time if hovered else _EDITED)
    painter.setPen(theme.color("text"))
    for left, above, block in blocks(layout, row):
        block.paint(painter, left, above, selection)


def blocks(layout: RowLayout, row: MessageRow) -> list[Placed]:
    """Return what the row says, and the reactions to it, each with its place in the row."""
    words = Placed(layout.text_left, _words_top(layout, row), layout.message(row))
    if not (reactions := layout.reactions(row)):
        return [words]
    top = words.y + words.block.height + layout.theme.px(_REACTIONS_GAP)
    return [words, Placed(layout.text_left, top, reactions)]


def edited_mark(layout: RowLayout, row: MessageRow) -> QRectF:
    """Return where the word "edited" is: behind the time, or in the gutter of a further row."""
    if row.first:
        left = _time_left(layout, row) + _time_width(layout, row) + _TIME_GAP
        return QRectF(left, layout.gap(first=True), layout.right - left, layout.theme.line("ui"))
    return QRectF(0, layout.row_gap, layout.side + layout.avatar, layout.theme.line("message"))


def _words_top(layout: RowLayout, row: MessageRow) -> int:
    return layout.gap(first=row.first) + (layout.theme.line("ui") if row.first else 0)


def _paint_name(painter: QPainter, layout: RowLayout, row: MessageRow, top: int) -> None:
    """Paint the name, the badge of the host or a bot, the time, and whether it was edited."""
    theme, line, name = layout.theme, layout.theme.line("ui"), _shown_name(layout, row)
    painter.setPen(author_ink(theme, row.message))
    painter.setFont(theme.font("ui", SEMIBOLD))
    width = text_width(name, painter.font())
    paint_line(painter, QRectF(layout.text_left, top, width + 1, line), name)
    if row.badge:
        paint_badge(painter, layout.text_left + width + _TAG_GAP, top + line / 2, theme, row.badge)
    painter.setPen(theme.color("text-muted"))
    painter.setFont(theme.font("small", tabular=True))
    time_left = layout.text_left + width + _tag_width(layout, row) + _TIME_GAP
    rect = QRectF(time_left, top, _time_width(layout, row) + 1, line)
    painter.drawText(rect, _LEFT, row.time)
    if row.edited:
        painter.drawText(edited_mark(layout, row), _LEFT, _EDITED)


def _shown_name(layout: RowLayout, row: MessageRow) -> str:
    """Return the name, elided where it would not leave room for what follows."""
    font = layout.theme.font("ui", SEMIBOLD)
    follows = _tag_width(layout, row) + _TIME_GAP + _time_width(layout, row)
    if row.edited:
        follows += _TIME_GAP + layout.small_width(_EDITED)
    return elided(row.message.nickname, font, layout.measure - follows)


def _time_left(layout: RowLayout, row: MessageRow) -> float:
    name = text_width(_shown_name(layout, row), layout.theme.font("ui", SEMIBOLD))
    return layout.text_left + name + _tag_width(layout, row) + _TIME_GAP


def _time_width(layout: RowLayout, row: MessageRow) -> float:
    return layout.small_width(row.time)


def _tag_width(layout: RowLayout, row: MessageRow) -> float:
    return badge_size(layout.theme, row.badge).width() + _TAG_GAP if row.badge else 0.0


def _paint_gutter(painter: QPainter, layout: RowLayout, text: str) -> None:
    theme = layout.theme
    painter.setPen(theme.color("text-muted"))
    painter.setFont(theme.font("micro", 400, tabular=True))
    rect = QRectF(0, layout.row_gap, layout.side + layout.avatar, theme.line("message"))
    painter.drawText(rect, _RIGHT, text)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
