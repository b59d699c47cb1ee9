"""How a row of a found chat is painted: tile, name, lamp and host, button."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.hosts import DETAIL, GONE, HOST, WARNING
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, SECONDARY, SOFT, ButtonLook
from chatdesk.desktop.widgets.common.lamp import paint_lamp
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width
from chatdesk.discovery.found_host import FoundHost
from chatdesk.protocol.appearance import hue, initials
from chatdesk.protocol.text import isolated

ROW_HEIGHT = 54
"""Pixels at 100 percent text: two lines, and a tile with room around it."""

# Pixels of the design, at 100 percent text.
_SIDE_PADDING, _TILE, _TILE_GAP = 10, 36, 12
_LOCK, _LOCK_GAP = 16, 5
_LAMP_GAP = 3
_BUTTON_HEIGHT, _BUTTON_PADDING, _BUTTON_GAP = 32, 13, 12

_DISABLED = ButtonLook("surface-hover", "surface-hover", "text-disabled")

_Index = QModelIndex | QPersistentModelIndex


class FoundChatDelegate(QStyledItemDelegate):
    """Paints a row of a HostsModel; under the pointer or with the focus, it has a background and a filled button."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = _RowContent(option, index)
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        focused = enabled and bool(option.state & QStyle.StateFlag.State_HasFocus)
        highlighted = focused or (enabled and bool(option.state & QStyle.StateFlag.State_MouseOver))
        painter.save()
        if highlighted:
            self._paint_background(painter, row, has_border=focused)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # each name has a direction of its own
        self._paint_tile(painter, row)
        end = row.rect.width() - _SIDE_PADDING
        if not row.gone:
            look = SECONDARY if row.warns else PRIMARY if highlighted else SOFT if enabled else _DISABLED
            end -= self._paint_button(painter, row, look) + _BUTTON_GAP
        self._paint_text(painter, row, end)
        painter.restore()

    def _paint_background(self, painter: QPainter, row: "_RowContent", *, has_border: bool) -> None:
        theme = self._theme
        border = theme.color("focus") if has_border or theme.high_contrast else None
        paint_panel(painter, QRectF(row.rect), theme.tokens["radius"]["row"], theme.color("raised-hover"), border)

    def _paint_tile(self, painter: QPainter, row: "_RowContent") -> None:
        theme, side = self._theme, self._theme.px(_TILE)
        tile = row.mirrored_rect(_SIDE_PADDING, side, side)
        fill, foreground = theme.avatar(hue(row.host.name))
        border = foreground if theme.high_contrast else None
        paint_panel(painter, QRectF(tile), theme.tokens["radius"]["row"], fill, border)
        painter.setFont(theme.font("label", SEMIBOLD))
        painter.setPen(foreground)
        painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, initials(row.host.name))

    def _paint_button(self, painter: QPainter, row: "_RowContent", look: ButtonLook) -> int:
        """Paint the button (a picture: the whole row can be clicked), and return its width."""
        theme = self._theme
        font = theme.font("label", SEMIBOLD)
        width = QFontMetrics(font).horizontalAdvance(row.verb) + 2 * theme.px(_BUTTON_PADDING)
        button = row.mirrored_rect(row.rect.width() - _SIDE_PADDING - width, width, theme.px(_BUTTON_HEIGHT))
        edge = look.text if theme.high_contrast else look.border
        border = theme.color(edge) if edge else None
        paint_panel(painter, QRectF(button), theme.tokens["radius"]["control"], theme.color(look.fill or ""), border)
        painter.setFont(font)
        painter.setPen(theme.color(look.text))
        painter.drawText(button, Qt.AlignmentFlag.AlignCenter, row.verb)
        return width

    def _paint_text(self, painter: QPainter, row: "_RowContent", end: int) -> None:
        theme = self._theme
        left = _SIDE_PADDING + theme.px(_TILE) + _TILE_GAP
        upper, lower = theme.line("ui"), theme.line("small")
        top = (row.rect.height() - upper - lower) // 2
        lock = theme.px(_LOCK) if row.host.locked else 0
        width = end - left - (lock + _LOCK_GAP if lock else 0)
        painter.setFont(theme.font("ui", SEMIBOLD))
        painter.setPen(theme.color("text-muted" if row.gone else "text"))
        name = _elided(painter, row.host.name, width)
        paint_line(painter, QRectF(row.mirrored_rect(left, width, upper, top)), name, row.leading)
        if lock:
            lock_left = left + round(text_width(name, painter.font())) + _LOCK_GAP
            rect = row.mirrored_rect(lock_left, lock, lock, top + (upper - lock) // 2)
            paint_icon(painter, QRectF(rect), "lock", theme.color("text-muted"))
        self._paint_host(painter, row, left, end, top + upper)

    def _paint_host(self, painter: QPainter, row: "_RowContent", left: int, end: int, top: int) -> None:
        """Paint the lamp, and beside it the text that explains it."""
        theme, height = self._theme, self._theme.line("small")
        sizes = theme.tokens["size"]["lamp"]
        lamp = theme.px(sizes["core"] + 2 * sizes["halo"])
        if row.warns:
            sign = QRectF(row.mirrored_rect(left, lamp, lamp, top + (height - lamp) // 2))
            paint_icon(painter, sign, "warning", theme.color("danger"))
        else:
            middle = QRectF(row.mirrored_rect(left, lamp, height, top)).center()
            paint_lamp(painter, middle, theme, on=not row.gone)
        left += lamp + theme.px(_LAMP_GAP)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("danger" if row.warns else "text-muted"))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # an English sentence, whatever the name in it
        text, width = row.detail, end - left
        if row.host.host and not row.warns:
            text = f", {text}"
            name_width = width - round(text_width(text, painter.font()))
            text = f"{isolated(_elided(painter, row.host.host, name_width))}{text}"
        paint_line(
            painter, QRectF(row.mirrored_rect(left, width, height, top)), _elided(painter, text, width), row.leading
        )


class _RowContent:
    """What a row shows, and rectangles in it, measured from the side where reading begins."""

    def __init__(self, option: QStyleOptionViewItem, index: _Index) -> None:
        self.host: FoundHost = index.data(HOST)
        self.gone: bool = index.data(GONE)
        self.detail: str = index.data(DETAIL)
        self.warns = bool(index.data(WARNING))
        self.verb = "Look" if self.warns else "Join"
        self.rect = QRect(option.rect)
        self._direction = option.direction
        leading = QStyle.visualAlignment(self._direction, Qt.AlignmentFlag.AlignLeft)
        self.leading = leading | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute

    def mirrored_rect(self, left: int, width: int, height: int, top: int | None = None) -> QRect:
        """Return a rectangle in the row, vertically centred without ``top``."""
        top_offset = (self.rect.height() - height) // 2 if top is None else top
        rect = QRect(self.rect.left() + left, self.rect.top() + top_offset, width, height)
        return QStyle.visualRect(self._direction, self.rect, rect)


def _elided(painter: QPainter, text: str, width: int) -> str:
    return elided(text, painter.font(), width)
