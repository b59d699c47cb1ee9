"""The brass tag of who hosts, beside the name."""

from math import ceil

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.shapes import paint_panel

_WORD = "host"
_PADDING = (5.5, 1)


def tag_size(theme: Theme) -> QSizeF:
    """How much room it takes."""
    across, down = _PADDING
    word = QFontMetricsF(theme.font("micro")).horizontalAdvance(_WORD)
    return QSizeF(ceil(word + 2 * theme.px(across * 2) / 2), theme.line("micro") + 2 * theme.px(down))


def paint_tag(painter: QPainter, left: float, middle: float, theme: Theme) -> None:
    """Draw it to the right of ``left``, around the height ``middle``."""
    size = tag_size(theme)
    tag = QRectF(round(left), round(middle - size.height() / 2), size.width(), size.height())
    edge = theme.color("mention-edge") if theme.high_contrast else None
    painter.save()
    paint_panel(painter, tag, theme.tokens["radius"]["small"], theme.color("mention"), edge)
    painter.setFont(theme.font("micro"))
    painter.setPen(theme.color("mention-text"))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, _WORD)
    painter.restore()
