"""The bar of pinned messages under the top bar: how many, and the newest one; a click lists them."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import Button, ButtonLook
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line
from chatdesk.protocol.text import isolated

# Pixels of the design, at 100 percent text.
_HEIGHT, _SIDE, _ICON, _GAP = 40, 24, 18, 12
_LOOK = ButtonLook("surface", "row-hover", "text")


class PinnedBar(Button):
    """Hidden where nothing is pinned."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", _LOOK)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_pins(0, "")

    def show_pins(self, count: int, newest: str) -> None:
        """Show how many messages are pinned, and what the newest of them says."""
        self._count, self._newest = count, " ".join(newest.split())
        self.setAccessibleName(f"{self._label}: {isolated(self._newest)}. Show all")
        self.setVisible(count > 0)
        self.update()

    @property
    def _label(self) -> str:
        return f"Pinned {self._count}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, middle = self._theme, self.height() // 2
        painter.fillRect(self.rect(), self._fill_color() or theme.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("border"))
        side = theme.px(_ICON)
        muted = theme.color("text-muted")
        paint_icon(painter, QRectF(_SIDE, middle - side // 2, side, side), "pin", muted)
        end = self.width() - _SIDE - side
        paint_icon(painter, QRectF(end, middle - side // 2, side, side), "chevron-down", muted)
        left = _SIDE + side + _GAP
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font("label", SEMIBOLD))
        width = QFontMetrics(painter.font()).horizontalAdvance(self._label)
        painter.drawText(QRectF(left, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, self._label)
        left += width + _GAP
        painter.setPen(muted)
        painter.setFont(theme.font("label", 400))
        room = end - _GAP - left
        paint_line(painter, QRectF(left, 0, room, self.height()), elided(self._newest, painter.font(), room))
        painter.end()

    def _apply_theme(self) -> None:
        super()._apply_theme()
        self.setFixedHeight(self._theme.px(_HEIGHT))
