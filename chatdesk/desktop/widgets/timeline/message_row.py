"""What others have said: avatar, name and time, then the words on the one edge."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from chatdesk.desktop.models.rows import Said
from chatdesk.desktop.widgets.common.avatar import paint_avatar
from chatdesk.desktop.widgets.common.painting import host_badge_size, paint_host_badge
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width
from chatdesk.desktop.widgets.timeline.row_layout import Hit, Page
from chatdesk.protocol.appearance import hue

_SEMIBOLD = 600
_TIME_GAP, _TAG_GAP = 9, 8


def height(page: Page, row: Said) -> int:
    """Pixels from the row above to the end of the words."""
    return _words_top(page, row) + page.message(row).height


def paint(painter: QPainter, page: Page, row: Said, *, hovered: bool) -> None:
    """Draw the row with its upper left corner at the painter's origin."""
    theme, top = page.theme, page.gap(first=row.first)
    if row.first:
        rect = QRectF(page.side, top, page.avatar, page.avatar)
        paint_avatar(painter, rect, row.message.nickname, theme)
        _paint_name(painter, page, row, top)
    elif hovered:
        _paint_gutter_time(painter, page, row)
    painter.setPen(theme.color("text"))
    page.message(row).paint(painter, page.text, _words_top(page, row))


def hit(page: Page, row: Said, point: QPointF) -> Hit | None:
    """What the point of the row means."""
    return page.message_hit(row, point - QPointF(page.text, _words_top(page, row)))


def _words_top(page: Page, row: Said) -> int:
    return page.gap(first=row.first) + (page.theme.line("ui") if row.first else 0)


def _paint_name(painter: QPainter, page: Page, row: Said, top: int) -> None:
    """The name, the host's tag, the time."""
    theme, line = page.theme, page.theme.line("ui")
    name_font, time_font = theme.font("ui", _SEMIBOLD), theme.font("small", tabular=True)
    time_width = QFontMetricsF(time_font).horizontalAdvance(row.time)
    tag = host_badge_size(theme).width() + _TAG_GAP if row.host else 0.0
    name = elided(row.message.nickname, name_font, page.right - page.text - tag - _TIME_GAP - time_width)
    _, ink = theme.avatar(hue(row.message.nickname))
    painter.setPen(ink)
    painter.setFont(name_font)
    width = text_width(name, name_font)
    paint_line(painter, QRectF(page.text, top, width + 1, line), name)
    if row.host:
        paint_host_badge(painter, page.text + width + _TAG_GAP, top + line / 2, theme)
    painter.setPen(theme.color("text-muted"))
    painter.setFont(time_font)
    painter.drawText(QRectF(page.text + width + tag + _TIME_GAP, top, time_width + 1, line), _LEFT, row.time)


def _paint_gutter_time(painter: QPainter, page: Page, row: Said) -> None:
    theme = page.theme
    painter.setPen(theme.color("text-muted"))
    painter.setFont(theme.font("micro", 400, tabular=True))
    rect = QRectF(0, page.row_gap, page.side + page.avatar, theme.line("message"))
    painter.drawText(rect, _RIGHT, row.time)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
