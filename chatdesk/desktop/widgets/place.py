"""The head of the sidebar: which chat this is, whether it is open, and what can be done about it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button, ButtonLook
from chatdesk.desktop.widgets.common.hairline import HAIRLINE
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.lamp import Lamp
from chatdesk.desktop.widgets.common.tooltip import set_tooltip
from chatdesk.desktop.widgets.tile import Tile
from chatdesk.protocol.text import isolated

_HEAD = ButtonLook(None, "surface-hover", "text")
_SEMIBOLD = 600


class Place(Button):
    """A button that opens the menu of the chat."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", _HEAD)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tile = Tile(theme)
        self._lamp = Lamp(theme)
        self._name = Label(theme, size=15, weight=_SEMIBOLD, elide=True)
        self._status = Label(theme, font="small", role="text-muted", elide=True, tabular=True)
        status = QHBoxLayout()
        status.setContentsMargins(0, 0, 0, 0)
        status.setSpacing(2)
        status.addWidget(self._lamp)
        status.addWidget(self._status, 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addLayout(status)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(10)
        layout.addWidget(self._tile)
        layout.addLayout(words, 1)
        layout.addWidget(Icon(theme, "chevron-down"))
        for label in (self._name, self._status):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_chat(self, name: str, status: str, *, lit: bool) -> None:
        """Name the chat and say how it is; ``lit``: the room is open."""
        self._tile.set_name(name)
        self._name.set_text(name)
        self._status.set_text(status)
        self._lamp.set_lit(lit)
        self.setAccessibleName(f"{isolated(name)}, {status}. Menu")
        set_tooltip(self, f"{isolated(name)}, {status}")

    def sizeHint(self) -> QSize:
        """A bar high, with the hairline below it."""
        return QSize(self._theme.px(160), self._theme.px(self._theme.tokens["size"]["bar"]) - HAIRLINE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _paint_content(self, painter: QPainter, ink: QColor) -> None:
        """The content is widgets of their own."""
