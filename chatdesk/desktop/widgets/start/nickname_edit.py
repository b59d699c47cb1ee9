"""The nickname's line edit, with the avatar that the nickname will have."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.avatar import disc_with_corner, paint_avatar
from chatdesk.desktop.widgets.common.field import LeadingIconEdit

_AVATAR_GAP = 10
"""Pixels between the avatar and the nickname."""


class NicknameEdit(LeadingIconEdit):
    """A line edit for the nickname, with the avatar that it will have."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.textChanged.connect(self.update)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._apply_theme()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if nickname := self.text().strip():
            paint_avatar(painter, self._avatar_rect(), nickname, self._theme)
        else:
            self._paint_nobody(painter)
        painter.end()

    def _paint_nobody(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("border") if self._theme.high_contrast else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("surface-sunken"))
        painter.drawPath(disc_with_corner(self._avatar_rect(), self._theme, mirrored=self._right_to_left))

    def _avatar_rect(self) -> QRectF:
        """Return the avatar's square: as far from the edge as from top and bottom."""
        side = self._theme.px(self._theme.tokens["size"]["avatar"]["field"])
        top = (self.height() - side) / 2
        return self._mirrored(QRectF(top + 1, top, side, side))

    def _apply_theme(self) -> None:
        rect = self._avatar_rect()
        self._set_text_start(rect.top() + rect.width() + self._theme.px(_AVATAR_GAP))
