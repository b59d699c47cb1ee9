"""Own messages, in a bubble that extends to the left: outlined while being sent, filled once stored."""

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.rows import MessageRow, UnsentRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.blocks.block import Part, Placed, Selection
from chatdesk.desktop.widgets.timeline.blocks.column import Body
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.targets import Discard, Edit, Resend, ShowReaders

# Pixels as in the design, at 100 percent text.
_META_GAP = 15
_ICON_GAP = 6
_ICON = 16
_ACTION_GAP = 14
_REACTIONS_GAP = 6
_ACTIONS: tuple[tuple[str, str, type[Resend | Edit | Discard]], ...] = (
    ("Send again", "link", Resend),
    ("Edit", "link", Edit),
    ("Discard", "text-muted", Discard),
)
"""The actions of a refused message: text, colour role and click target."""


@dataclass(frozen=True, slots=True)
class _StatusStyle:
    """The look of a state of sending: a caption and its icon, and the colour roles of fill, edge and caption."""

    caption: str
    icon: str
    fill: str | None
    border: str | None
    foreground: str


@dataclass(frozen=True, slots=True)
class _Bubble:
    """A bubble laid out: its rectangle, its text and style, and the rectangles of a refused message's actions."""

    rect: QRectF
    block: Body
    style: _StatusStyle
    actions: list[QRectF]

    @property
    def bottom(self) -> float:
        """The lower edge of the row."""
        return max(self.rect.bottom(), self.actions[0].bottom()) if self.actions else self.rect.bottom()


def height(layout: RowLayout, row: MessageRow | UnsentRow) -> int:
    """Return the row's height in pixels, with the gap above it."""
    bottom = _bubble(layout, row).bottom
    return ceil(max(bottom, *(placed.y + placed.block.height for placed in blocks(layout, row))))


def paint(
    painter: QPainter, layout: RowLayout, row: MessageRow | UnsentRow, selection: Selection | None = None
) -> None:
    """Draw the row with its upper left corner at the painter's origin."""
    theme, bubble = layout.theme, _bubble(layout, row)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.color(bubble.style.fill) if bubble.style.fill else Qt.BrushStyle.NoBrush)
    pen = _border_pen(theme, row, bubble.style)
    painter.setPen(pen)
    inside = 0 if pen.style() == Qt.PenStyle.NoPen else pen.widthF() / 2
    painter.drawPath(_shape(theme, bubble.rect.adjusted(inside, inside, -inside, -inside)))
    painter.setPen(theme.color("own-bubble-text" if bubble.style.fill else "text"))
    for left, top, block in blocks(layout, row):
        block.paint(painter, left, top, selection)
    _paint_meta(painter, layout, bubble)
    if bubble.actions:
        painter.setFont(_action_font(theme))
        for rect, (word, role, _target) in zip(bubble.actions, _ACTIONS, strict=True):
            painter.setPen(theme.color(role))
            painter.drawText(rect, _LEFT, word)


def blocks(layout: RowLayout, row: MessageRow | UnsentRow) -> list[Placed]:
    """Return what the row says, and the reactions to it, each with its place in the row."""
    bubble = _bubble(layout, row)
    words = Placed(layout.text_left, bubble.rect.top() + _pad(layout), bubble.block)
    if not (reactions := layout.reactions(row)):
        return [words]
    return [words, Placed(layout.text_left, bubble.rect.bottom() + layout.theme.px(_REACTIONS_GAP), reactions)]


def edited_mark(layout: RowLayout, row: MessageRow) -> QRectF:
    """Return where time and tick are, and the word "edited" between them."""
    bubble = _bubble(layout, row)
    line = layout.theme.line("message")
    width = _meta_width(layout, bubble.style)
    right, bottom = bubble.rect.right() - layout.hang, bubble.rect.bottom()
    return QRectF(right - width, bottom - line - layout.theme.px(4), width, line)


def action_parts(layout: RowLayout, row: MessageRow | UnsentRow) -> list[Part]:
    """Return what can be clicked beside the words: two ticks, and what can be done with a refused message."""
    if isinstance(row, MessageRow):
        return [Part(_ticks(layout, row), ShowReaders(row.message.seq))] if row.readers else []
    places = zip(_bubble(layout, row).actions, _ACTIONS, strict=False)
    return [Part(rect, action(row.entry.id)) for rect, (_word, _role, action) in places]


def _ticks(layout: RowLayout, row: MessageRow) -> QRectF:
    """Return where the ticks are, and a little around them: they are small."""
    mark, icon = edited_mark(layout, row), layout.theme.px(_ICON)
    return mark.adjusted(mark.width() - icon - _ICON_GAP, 0, _ICON_GAP, 0)


def _bubble(layout: RowLayout, row: MessageRow | UnsentRow) -> _Bubble:
    theme, block, style = layout.theme, layout.message(row), _status_style(row)
    hang = layout.hang
    top = layout.gap(first=row.first)
    meta = _meta_width(layout, style)
    beside = (block.last_width or block.width) + _META_GAP + meta
    ends_in_text = block.last_width or block.children[-1].block.leftwards
    below = 0 if beside <= layout.measure - hang else theme.line("small" if ends_in_text else "message")
    width = max(block.width, meta if below else beside)
    rect = QRectF(layout.text_left - hang, top, width + 2 * hang, block.height + below + 2 * _pad(layout))
    failed = isinstance(row, UnsentRow) and row.failed
    return _Bubble(rect, block, style, _actions(layout, rect) if failed else [])


def _actions(layout: RowLayout, rect: QRectF) -> list[QRectF]:
    """Place the actions beside the bubble if there is room, else below it."""
    metrics = QFontMetricsF(_action_font(layout.theme))
    line = layout.theme.line("label")
    widths = [metrics.horizontalAdvance(word) + 1 for word, _role, _target in _ACTIONS]
    left, top = rect.right() + _ACTION_GAP, rect.bottom() - _pad(layout) - line - 1
    if left + sum(widths) + _ACTION_GAP * (len(widths) - 1) > layout.right:
        left, top = layout.text_left, rect.bottom() + layout.row_gap
    rects = []
    for width in widths:
        rects.append(QRectF(left, top, width, line))
        left += width + _ACTION_GAP
    return rects


def _status_style(row: MessageRow | UnsentRow) -> _StatusStyle:
    if isinstance(row, MessageRow):
        caption = f"{row.time}  edited" if row.edited else row.time
        return _StatusStyle(caption, "tick2" if row.readers else "check", "own-bubble", None, "own-bubble-muted")
    if row.failed:
        return _StatusStyle("Not sent", "warning", None, "danger", "danger")
    return _StatusStyle(row.entry.waits or "Sending", "clock", None, "own-bubble-border", "text-muted")


def _border_pen(theme: Theme, row: MessageRow | UnsentRow, style: _StatusStyle) -> QPen:
    """Return the pen of the edge: high contrast has one for every bubble, dashed while it is being sent."""
    if style.border is None and not theme.high_contrast:
        return QPen(Qt.PenStyle.NoPen)
    pen = QPen(theme.color(style.border or "own-bubble-border"), 1)
    if isinstance(row, UnsentRow) and not row.failed and (theme.high_contrast or row.entry.waits):
        pen.setStyle(Qt.PenStyle.DashLine)
    return pen


def _shape(theme: Theme, rect: QRectF) -> QPainterPath:
    """Return the outline: rounded, with a small corner at the upper left, where an avatar would be."""
    small, large = theme.tokens["radius"]["speaking"], theme.tokens["radius"]["own-message"]
    path = QPainterPath(QPointF(rect.left() + small, rect.top()))
    for corner, radius, start in (
        (QPointF(rect.right() - 2 * large, rect.top()), large, 90),
        (QPointF(rect.right() - 2 * large, rect.bottom() - 2 * large), large, 0),
        (QPointF(rect.left(), rect.bottom() - 2 * large), large, 270),
        (rect.topLeft(), small, 180),
    ):
        path.arcTo(QRectF(corner.x(), corner.y(), 2 * radius, 2 * radius), start, -90)
    path.closeSubpath()
    return path


def _paint_meta(painter: QPainter, layout: RowLayout, bubble: _Bubble) -> None:
    """Paint time and tick at the end of the last line."""
    theme = layout.theme
    foreground: QColor = theme.color(bubble.style.foreground)
    icon, line = theme.px(_ICON), theme.line("message")
    right, top = bubble.rect.right() - layout.hang, bubble.rect.bottom() - line - theme.px(4)
    paint_icon(painter, QRectF(right - icon, top + (line - icon) // 2, icon, icon), bubble.style.icon, foreground)
    painter.setPen(foreground)
    painter.setFont(_meta_font(theme))
    painter.drawText(
        QRectF(bubble.rect.left(), top, right - icon - _ICON_GAP - bubble.rect.left(), line),
        _RIGHT,
        bubble.style.caption,
    )


def _pad(layout: RowLayout) -> int:
    """Return the padding of the tokens plus the edge, in pixels."""
    return layout.theme.px(layout.theme.tokens["size"]["timeline"]["slipPad"][0]) + 1


def _meta_width(layout: RowLayout, style: _StatusStyle) -> float:
    return layout.small_width(style.caption) + _ICON_GAP + layout.theme.px(_ICON)


def _meta_font(theme: Theme) -> QFont:
    return theme.font("small", tabular=True)


def _action_font(theme: Theme) -> QFont:
    font = theme.font("label")
    font.setUnderline(True)
    return font


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
