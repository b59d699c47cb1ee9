"""Shapes that several widgets paint: panels, shadows, activity dots, speech bubbles, badges, counts."""

from math import ceil
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import Theme

Badge = Literal["host", "moderator", "verified", "bot"]
"""What stands beside the name of host and moderators, of who has proven who they are, and of a program."""

# Pixels of the design, at 100 percent text.
_DOT_SIZE, _DOT_STEP = 5, 8
_DOT_OPACITIES = (0.45, 1.0, 0.7)
"""Opacity of each of the three dots, so that one of them is in front."""
_BADGE_PADDING = (5.5, 1)
_COUNT_PADDING = 6

_VERIFIED_SIDE = 16
_SHORT = {"moderator": "mod"}
"""Of long words, what is painted: names need the room. Screen readers say the whole word."""

_BADGE_ROLES: dict[str, tuple[str, str, str]] = {
    "host": ("mention", "mention-text", "mention-border"),
    "moderator": ("mention", "mention-text", "mention-border"),
    "bot": ("surface-sunken", "text-muted", "text-muted"),
}
"""The colours of fill and text, and of the edge in high contrast."""


def paint_panel(
    painter: QPainter, rect: QRectF, radius: float, fill: QColor | None, border: QColor | None = None
) -> None:
    """Draw a rounded rectangle; its border is one pixel wide and lies inside ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(border, 1) if border else Qt.PenStyle.NoPen)
    inset = 0.5 if border else 0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
    painter.restore()


def paint_shadow(painter: QPainter, rect: QRectF, radius: float, theme: Theme, name: str) -> None:
    """Draw the design's shadow ``name`` ("rest", "float" or "sheet") around a panel, as rings that fade outwards.

    A theme without shadows draws nothing.
    """
    shadow = theme.shadow(name)
    if not shadow:
        return
    below, blur, color = shadow
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    steps = max(4, blur // 2)
    current_alpha = 0.0  # the alpha of all rings so far, one over the other
    for step in range(1, steps + 1):
        part = step / steps
        next_alpha = color.alphaF() * part * part * (3 - 2 * part)
        ring = QColor(color)
        ring.setAlphaF(1 - (1 - next_alpha) / (1 - current_alpha))
        current_alpha = next_alpha
        painter.setBrush(ring)
        growth = blur * (1 - 2 * part)
        corner = max(1.0, radius + growth)
        painter.drawRoundedRect(rect.adjusted(-growth, below - growth, growth, below + growth), corner, corner)
    painter.restore()


def paint_activity_dots(painter: QPainter, start: QPointF, theme: Theme, step: int = 0) -> None:
    """Draw three dots to the right of ``start``, for something that goes on; each ``step`` moves the darkest by one."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("text-muted"))
    radius = _DOT_SIZE / 2 * theme.scale
    for index in range(len(_DOT_OPACITIES)):
        painter.setOpacity(_DOT_OPACITIES[(index - step) % len(_DOT_OPACITIES)])
        painter.drawEllipse(start + QPointF(radius + index * _DOT_STEP * theme.scale, 0), radius, radius)
    painter.restore()


def activity_dots_width(theme: Theme) -> float:
    """Return the width of the three dots, in pixels."""
    return (_DOT_SIZE + (len(_DOT_OPACITIES) - 1) * _DOT_STEP) * theme.scale


def speech_bubble(body: QRectF, radius: float, desk: float, tail_points: tuple[float, float, float]) -> QPainterPath:
    """Return the outline of a speech bubble whose tail stands on the desk, at the height ``desk``.

    ``tail_points`` has three x coordinates: of the tail's upright side, of the point where its slanting side leaves
    the body, and of the point where that side meets the desk.
    """
    upright_x, body_x, desk_x = tail_points
    path = QPainterPath()
    path.addRoundedRect(body, radius, radius)
    tail = QPainterPath(QPointF(upright_x, body.bottom() - radius / 2))
    for x, y in ((upright_x, desk), (desk_x, desk), (body_x, body.bottom()), (body_x, body.bottom() - radius / 2)):
        tail.lineTo(x, y)
    tail.closeSubpath()
    return path.united(tail)


def badge_size(theme: Theme, words: Badge) -> QSizeF:
    """Return the size of a badge, in pixels."""
    if words == "verified":  # a shield without words: where everybody signs in, it stands beside every name
        return QSizeF(theme.px(_VERIFIED_SIDE), theme.px(_VERIFIED_SIDE))
    horizontal, vertical = _BADGE_PADDING
    text_width = QFontMetricsF(theme.font("micro")).horizontalAdvance(_SHORT.get(words, words))
    return QSizeF(ceil(text_width + 2 * theme.px(horizontal * 2) / 2), theme.line("micro") + 2 * theme.px(vertical))


def paint_badge(painter: QPainter, left: float, middle: float, theme: Theme, words: Badge) -> None:
    """Draw a badge to the right of ``left``, vertically centred on ``middle``."""
    size = badge_size(theme, words)
    tag = QRectF(round(left), round(middle - size.height() / 2), size.width(), size.height())
    if words == "verified":
        return paint_icon(painter, tag, "shield-check", theme.color("accent"))
    fill, text, edge = _BADGE_ROLES[words]
    border = theme.color(edge) if theme.high_contrast else None
    painter.save()
    paint_panel(painter, tag, theme.tokens["radius"]["small"], theme.color(fill), border)
    painter.setFont(theme.font("micro"))
    painter.setPen(theme.color(text))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, _SHORT.get(words, words))
    painter.restore()
    return None


def count_pill_width(theme: Theme, words: str) -> float:
    """Return the width of a pill with a count, in pixels."""
    text_width = QFontMetricsF(theme.font("micro")).horizontalAdvance(words)
    return max(theme.px(theme.tokens["size"]["badge"]), ceil(text_width) + 2 * theme.px(_COUNT_PADDING))


def paint_count_pill(painter: QPainter, rect: QRectF, theme: Theme, words: str, role: str) -> None:
    """Draw a count on the colour ``role``, in the middle of ``rect`` and as wide as it."""
    height = theme.px(theme.tokens["size"]["badge"])
    pill = QRectF(rect.left(), round(rect.center().y() - height / 2), rect.width(), height)
    painter.save()
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the sign of a mention stays before its number
    paint_panel(painter, pill, height / 2, theme.color(role))
    painter.setFont(theme.font("micro"))
    painter.setPen(theme.color(f"{role}-text"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
