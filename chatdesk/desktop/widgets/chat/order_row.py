"""The row of the sidebar that opens the board of those who keep order, with how much waits for them."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import Button, ButtonLook
from chatdesk.desktop.widgets.common.painting import count_pill_width, paint_count_pill, paint_panel
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line

# Pixels of the design, at 100 percent text.
_OUTSIDE, _LEFT, _TEXT, _RIGHT, _ICON = 8, 20, 47, 20, 18
_TITLE = "Keeping order"
_LOOK = ButtonLook(None, "surface-hover", "text")


class OrderRow(Button):
    """Hidden from those who keep no order."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", _LOOK)
        self._count = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Show how many things wait for the person."""
        if count == self._count:
            return
        self._count = count
        self.setAccessibleName(f"{_TITLE}, {count} {'waits' if count == 1 else 'wait'} for you" if count else _TITLE)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, rect = QPainter(self), self._theme, self.rect()
        if fill := self._fill_color():
            row = QRectF(rect.adjusted(_OUTSIDE, 0, -_OUTSIDE, 0))
            paint_panel(painter, row, theme.tokens["radius"]["row"], fill)
        side = theme.px(_ICON)
        middle = (self.height() - side) // 2
        icon = QRect(_LEFT, middle, side, side)
        paint_icon(painter, QRectF(self._mirrored(icon)), "shield", theme.color("text-muted"))
        taken = _RIGHT
        if self._count:
            words = str(self._count) if self._count < 1000 else "999+"
            width = round(count_pill_width(theme, words))
            pill = QRect(rect.width() - _RIGHT - width, 0, width, rect.height())
            paint_count_pill(painter, QRectF(self._mirrored(pill)), theme, words, "badge-mention")
            taken += width
        font = theme.font("ui", SEMIBOLD if self._count else None)
        place = QRect(theme.px(_TEXT), 0, rect.width() - theme.px(_TEXT) - taken, rect.height())
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        align = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        paint_line(painter, QRectF(self._mirrored(place)), elided(_TITLE, font, place.width()), align)
        painter.end()

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)

    def _apply_theme(self) -> None:
        super()._apply_theme()
        self.setFixedHeight(self._theme.px(self._theme.tokens["size"]["roomRow"]))
