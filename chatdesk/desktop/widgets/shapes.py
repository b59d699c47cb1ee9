"""Shapes that several widgets draw: shadows, rounded panels, the lamp, and bubbles that stand on a desk."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from chatdesk.desktop.theme import Theme

_DOT, _DOT_STEP = 5, 8
_DOTS = (0.45, 1.0, 0.7)
"""How strong each of the three is."""


def paint_panel(
    painter: QPainter, rect: QRectF, radius: float, fill: QColor | None, edge: QColor | None = None
) -> None:
    """A rounded rectangle; its edge is one pixel wide and lies inside."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(edge, 1) if edge else Qt.PenStyle.NoPen)
    inset = 0.5 if edge else 0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
    painter.restore()


def paint_shadow(painter: QPainter, rect: QRectF, radius: float, theme: Theme, name: str) -> None:
    """The tokens' shadow "rest", "float" or "sheet" around a panel, as rings that fade outwards like light."""
    shadow = theme.shadow(name)
    if not shadow:
        return
    below, blur, color = shadow
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    steps = max(4, blur // 2)
    reached = 0.0  # alpha of all rings so far
    for step in range(1, steps + 1):
        part = step / steps
        wanted = color.alphaF() * part * part * (3 - 2 * part)
        ring = QColor(color)
        ring.setAlphaF(1 - (1 - wanted) / (1 - reached))
        reached = wanted
        painter.setBrush(ring)
        grow = blur * (1 - 2 * part)
        corner = max(1.0, radius + grow)
        painter.drawRoundedRect(rect.adjusted(-grow, below - grow, grow, below + grow), corner, corner)
    painter.restore()


def paint_lamp(painter: QPainter, center: QPointF, theme: Theme, *, lit: bool = True, large: bool = False) -> None:
    """The brass lamp: this room is open; out, an empty ring. It never stands without a word beside it."""
    sizes = theme.tokens["size"]["lamp"]
    core = sizes["coreLarge" if large else "core"] / 2 * theme.scale
    halo = core + sizes["haloLarge" if large else "halo"] * theme.scale
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if lit:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("lamp-halo"))
        painter.drawEllipse(center, halo, halo)
        painter.setBrush(theme.color("lamp"))
        painter.drawEllipse(center, core, core)
    else:
        painter.setPen(QPen(theme.color("presence-offline"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(center, halo - 1.5, halo - 1.5)
    painter.restore()


def paint_dots(painter: QPainter, start: QPointF, theme: Theme, step: int = 0) -> None:
    """Three dots, to the right of ``start``, that say that something goes on; each ``step`` moves the dark one on."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("text-muted"))
    radius = _DOT / 2 * theme.scale
    for place in range(len(_DOTS)):
        painter.setOpacity(_DOTS[(place - step) % len(_DOTS)])
        painter.drawEllipse(start + QPointF(radius + place * _DOT_STEP * theme.scale, 0), radius, radius)
    painter.restore()


def dots_width(theme: Theme) -> float:
    """How wide they are."""
    return (_DOT + (len(_DOTS) - 1) * _DOT_STEP) * theme.scale


def bubble(body: QRectF, radius: float, desk: float, foot: tuple[float, float, float]) -> QPainterPath:
    """A bubble whose tail stands on the desk's upper edge.

    ``foot`` is the upright side's x, the x where the slanting side leaves the body, and the x where it meets the desk.
    """
    upright, leaves, meets = foot
    path = QPainterPath()
    path.addRoundedRect(body, radius, radius)
    tail = QPainterPath(QPointF(upright, body.bottom() - radius / 2))
    for x, y in ((upright, desk), (meets, desk), (leaves, body.bottom()), (leaves, body.bottom() - radius / 2)):
        tail.lineTo(x, y)
    tail.closeSubpath()
    return path.united(tail)
