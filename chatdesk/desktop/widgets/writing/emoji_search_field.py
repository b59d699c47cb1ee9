"""The field in which emoji are searched by their words."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.field import LeadingIconEdit
from chatdesk.desktop.widgets.common.input_method import CompositionGuard

_HEIGHT = 36
_ICON, _ICON_LEFT, _TEXT_LEFT = 18, 12, 38


class EmojiSearchField(LeadingIconEdit):
    """A line edit with a magnifying glass."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        CompositionGuard(self)
        self.setPlaceholderText("Search, like wheel")
        self.setAccessibleName("Search emoji")
        self.setAccessibleDescription("Arrow keys choose, Enter takes")
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, side = QPainter(self), self._theme.px(_ICON)
        rect = self._mirrored(QRectF(self._theme.px(_ICON_LEFT), (self.height() - side) // 2, side, side))
        paint_icon(painter, rect, "search", self._theme.color("text-muted"))
        painter.end()

    def _apply_theme(self) -> None:
        self.setFont(self._theme.font("ui"))
        self.setFixedHeight(self._theme.px(_HEIGHT))
        self._set_text_start(self._theme.px(_TEXT_LEFT))
