"""One's own words on a tinted slip that hangs out to the left: outlined while on the way, filled once kept."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.rows import Said, Unsent
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.row_layout import Discard, Edit, Hit, Page, SendAgain
from chatdesk.desktop.widgets.timeline.text_block import TextBlock

_META_GAP = 15
_ICON_GAP = 6
_ICON = 16
_ACTION_GAP = 14
_ACTIONS: tuple[tuple[str, str, type[SendAgain | Edit | Discard]], ...] = (
    ("Send again", "link", SendAgain),
    ("Edit", "link", Edit),
    ("Discard", "text-muted", Discard),
)
"""What can be done with a refused message: the word, its colour, and what a point on it means."""


@dataclass(frozen=True, slots=True)
class _Look:
    """How far the words have got: a caption and its icon, and the roles of fill, edge and caption."""

    caption: str
    icon: str
    fill: str | None
    edge: str | None
    ink: str


@dataclass(frozen=True, slots=True)
class _Slip:
    """A slip laid out: its rectangle, where the caption ends, and where the actions of a refused one stand."""

    rect: QRectF
    block: TextBlock
    look: _Look
    actions: list[QRectF]

    @property
    def bottom(self) -> float:
        """Where the row ends."""
        return max(self.rect.bottom(), self.actions[0].bottom()) if self.actions else self.rect.bottom()


def height(page: Page, row: Said | Unsent) -> int:
    """Pixels from the row above to the slip's lower edge, or that of what stands below it."""
    return round(_slip(page, row).bottom)


def paint(painter: QPainter, page: Page, row: Said | Unsent) -> None:
    """Draw the row with its upper left corner at the painter's origin."""
    theme, slip = page.theme, _slip(page, row)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.color(slip.look.fill) if slip.look.fill else Qt.BrushStyle.NoBrush)
    edge = _edge(theme, row, slip.look)
    painter.setPen(edge)
    inside = 0 if edge.style() == Qt.PenStyle.NoPen else edge.widthF() / 2
    painter.drawPath(_shape(theme, slip.rect.adjusted(inside, inside, -inside, -inside)))
    painter.setPen(theme.color("own-bubble-text" if slip.look.fill else "text"))
    slip.block.paint(painter, page.text, slip.rect.top() + _pad(page))
    _paint_meta(painter, page, slip)
    if slip.actions:
        painter.setFont(_action_font(theme))
        for rect, (word, role, _hit) in zip(slip.actions, _ACTIONS, strict=True):
            painter.setPen(theme.color(role))
            painter.drawText(rect, _LEFT, word)


def hit(page: Page, row: Said | Unsent, point: QPointF) -> Hit | None:
    """What the point of the row means."""
    slip = _slip(page, row)
    if slip.actions and isinstance(row, Unsent):
        for rect, (_word, _role, action) in zip(slip.actions, _ACTIONS, strict=True):
            if rect.contains(point):
                return action(row.entry.id)
    return page.message_hit(row, point - QPointF(page.text, slip.rect.top() + _pad(page)))


def _slip(page: Page, row: Said | Unsent) -> _Slip:
    theme, block, look = page.theme, page.message(row), _look(row)
    hang = page.hang
    top = page.gap(first=row.first)
    meta = QFontMetricsF(_meta_font(theme)).horizontalAdvance(look.caption) + _ICON_GAP + theme.px(_ICON)
    beside = (block.last_width or block.width) + _META_GAP + meta
    below = 0 if beside <= page.measure - hang else theme.line("small")
    width = max(block.width, meta if below else beside)
    rect = QRectF(page.text - hang, top, width + 2 * hang, block.height + below + 2 * _pad(page))
    failed = isinstance(row, Unsent) and row.failed
    return _Slip(rect, block, look, _actions(page, rect) if failed else [])


def _actions(page: Page, rect: QRectF) -> list[QRectF]:
    """Beside the slip where there is room, else below it."""
    metrics = QFontMetricsF(_action_font(page.theme))
    line = page.theme.line("label")
    widths = [metrics.horizontalAdvance(word) + 1 for word, _role, _hit in _ACTIONS]
    left, top = rect.right() + _ACTION_GAP, rect.bottom() - _pad(page) - line - 1
    if left + sum(widths) + _ACTION_GAP * (len(widths) - 1) > page.right:
        left, top = page.text, rect.bottom() + page.row_gap
    places = []
    for width in widths:
        places.append(QRectF(left, top, width, line))
        left += width + _ACTION_GAP
    return places


def _look(row: Said | Unsent) -> _Look:
    if isinstance(row, Said):
        return _Look(row.time, "check", "own-bubble", None, "own-bubble-muted")
    if row.failed:
        return _Look("Not sent", "warning", None, "danger", "danger")
    return _Look("Sending", "clock", None, "own-bubble-edge", "text-muted")


def _edge(theme: Theme, row: Said | Unsent, look: _Look) -> QPen:
    """High contrast gives every fill an edge, and dashes what is on its way."""
    if look.edge is None and not theme.high_contrast:
        return QPen(Qt.PenStyle.NoPen)
    pen = QPen(theme.color(look.edge or "own-bubble-edge"), 1)
    if theme.high_contrast and isinstance(row, Unsent) and not row.failed:
        pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def _shape(theme: Theme, edge: QRectF) -> QPainterPath:
    """Rounded, with the one small corner at the top, where an avatar would speak."""
    small, large = theme.tokens["radius"]["speaking"], theme.tokens["radius"]["slip"]
    path = QPainterPath(QPointF(edge.left() + small, edge.top()))
    for corner, radius, start in (
        (QPointF(edge.right() - 2 * large, edge.top()), large, 90),
        (QPointF(edge.right() - 2 * large, edge.bottom() - 2 * large), large, 0),
        (QPointF(edge.left(), edge.bottom() - 2 * large), large, 270),
        (edge.topLeft(), small, 180),
    ):
        path.arcTo(QRectF(corner.x(), corner.y(), 2 * radius, 2 * radius), start, -90)
    path.closeSubpath()
    return path


def _paint_meta(painter: QPainter, page: Page, slip: _Slip) -> None:
    """Time and tick, at the lower end of the last line."""
    theme = page.theme
    ink: QColor = theme.color(slip.look.ink)
    icon, line = theme.px(_ICON), theme.line("message")
    right, top = slip.rect.right() - page.hang, slip.rect.bottom() - line - theme.px(4)
    paint_icon(painter, QRectF(right - icon, top + (line - icon) // 2, icon, icon), slip.look.icon, ink)
    painter.setPen(ink)
    painter.setFont(_meta_font(theme))
    painter.drawText(
        QRectF(slip.rect.left(), top, right - icon - _ICON_GAP - slip.rect.left(), line), _RIGHT, slip.look.caption
    )


def _pad(page: Page) -> int:
    """The tokens' padding and the hairline around it."""
    return page.theme.px(page.theme.tokens["size"]["timeline"]["slipPad"][0]) + 1


def _meta_font(theme: Theme) -> QFont:
    return theme.font("small", tabular=True)


def _action_font(theme: Theme) -> QFont:
    font = theme.font("label")
    font.setUnderline(True)
    return font


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
