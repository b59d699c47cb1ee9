"""The room, as a section of the sidebar while people have a column of their own."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel

# Pixels of the design, at 100 percent text.
_SIDE, _ABOVE, _INSET, _GAP = 20, 10, 8, 9


class RoomSection(QWidget):
    """A heading and one selected row."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._heading = Label(theme, "Room", font="small", weight=SEMIBOLD, role="text-muted")
        self._row = _RoomRow(theme)
        heading = QHBoxLayout()
        heading.setContentsMargins(_SIDE, 0, _SIDE, 0)
        heading.addWidget(self._heading)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, _ABOVE, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(heading)
        layout.addWidget(self._row)
        layout.addStretch(1)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def set_room(self, name: str) -> None:
        """Set the name of the room."""
        self._row.name.set_text(name)

    def _apply_theme(self) -> None:
        size = self._theme.tokens["size"]
        self._heading.setFixedHeight(self._theme.px(size["sectionHeading"]))
        self._row.setFixedHeight(self._theme.px(size["roomRow"]))


class _RoomRow(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.name = Label(theme, weight=SEMIBOLD, role="accent-soft-text", elide=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_SIDE, 0, _SIDE, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(Icon(theme, "hash", "accent-soft-text", size=18))
        layout.addWidget(self.name, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        background = QRectF(self.rect().adjusted(_INSET, 0, -_INSET, 0))
        border = theme.color("border") if theme.high_contrast else None
        paint_panel(painter, background, theme.tokens["radius"]["row"], theme.color("surface-selected"), border)
        painter.end()
