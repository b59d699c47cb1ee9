"""What stands between messages: the line of a new day, the line above what is new, and who came and went."""

from datetime import date
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from chatdesk.desktop.clock import day_name
from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.rows import Comings, Day, Unread
from chatdesk.desktop.widgets.common.avatar import paint_disc
from chatdesk.desktop.widgets.timeline.row_layout import AnotherDay, Hit, Page, Toggle
from chatdesk.desktop.widgets.timeline.text_block import TextBlock

_SEMIBOLD = 600
_DAY_ABOVE = 13
_LINE_GAP = 12
_DISC, _DISC_STEP = 14, 9
_CHEVRON, _CHEVRON_GAP = 16, 5


def line_height(page: Page) -> int:
    """Pixels of the line of a day, or of what is new."""
    return page.theme.px(_DAY_ABOVE) + page.theme.line("small") + 1


def paint_day(painter: QPainter, page: Page, row: Day) -> None:
    """Draw the label on the edge, and a hairline to the end."""
    _paint_line(painter, page, day_name(row.day, date.today()), "text-muted", ("border", 1))


def paint_unread(painter: QPainter, page: Page, row: Unread) -> None:
    """The same in brass, with a line that nobody misses."""
    line = page.theme.tokens["border"]["unreadLine"]
    _paint_line(painter, page, row.sentence, "unread-text", ("unread-line", line))


def day_hit(page: Page, row: Day, point: QPointF) -> Hit | None:
    """The label leads to other days."""
    top = page.theme.px(_DAY_ABOVE)
    label = QRectF(page.text, top, _label_width(page, day_name(row.day, date.today())), page.theme.line("small"))
    return AnotherDay() if label.contains(point) else None


def _paint_line(painter: QPainter, page: Page, label: str, ink: str, line: tuple[str, int]) -> None:
    theme, width = page.theme, _label_width(page, label)
    top, height = theme.px(_DAY_ABOVE), theme.line("small")
    painter.setPen(theme.color(ink))
    painter.setFont(theme.font("small", _SEMIBOLD))
    painter.drawText(QRectF(page.text, top, width + 1, height), Qt.AlignmentFlag.AlignVCenter, label)
    start = page.text + width + _LINE_GAP
    role, thick = line
    painter.fillRect(QRectF(start, top + height // 2, page.right - start, thick), theme.color(role))


def _label_width(page: Page, label: str) -> int:
    return ceil(QFontMetricsF(page.theme.font("small", _SEMIBOLD)).horizontalAdvance(label))


def comings_height(page: Page, row: Comings) -> int:
    """Pixels from the row above to the end of the sentence."""
    return page.group_gap + _sentence(page, row).height


def paint_comings(painter: QPainter, page: Page, row: Comings) -> None:
    """Draw up to three discs in the gutter, and the sentence on the edge."""
    theme, top, block = page.theme, page.group_gap, _sentence(page, row)
    disc, step = theme.px(_DISC), theme.px(_DISC_STEP)
    left = page.side + (page.avatar - disc - step * (len(row.names) - 1)) / 2
    for place, name in enumerate(row.names):
        rect = QRectF(left + place * step, top + (theme.line("label") - disc) / 2, disc, disc)
        paint_disc(painter, rect, name, theme)
    painter.setPen(theme.color("text-muted"))
    block.paint(painter, page.text, top)
    if row.opens:
        side = theme.px(_CHEVRON)
        x, y = page.text + block.width + _CHEVRON_GAP, top + (theme.line("label") - side) // 2
        painter.translate(min(x, page.right - side) + side / 2, y + side / 2)
        painter.rotate(180 if row.open else 0)
        paint_icon(painter, QRectF(-side / 2, -side / 2, side, side), "chevron-down", theme.color("text-muted"))


def _sentence(page: Page, row: Comings) -> TextBlock:
    return page.label(row.sentence, row.strong)


def comings_hit(page: Page, row: Comings, point: QPointF) -> Hit | None:
    """The whole line opens."""
    end = page.text + _sentence(page, row).width + _CHEVRON_GAP + page.theme.px(_CHEVRON)
    return Toggle() if row.opens and page.side <= point.x() <= end and point.y() >= page.group_gap else None
