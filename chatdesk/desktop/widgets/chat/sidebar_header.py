"""The head of the sidebar: which chat this is, whether it is open, and its menu."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import Button, ButtonLook
from chatdesk.desktop.widgets.common.hairline import HAIRLINE
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.lamp import Lamp
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.tooltip import set_tooltip
from chatdesk.protocol.appearance import initials
from chatdesk.protocol.text import isolated

_LOOK = ButtonLook(None, "surface-hover", "text")
# Pixels of the design, at 100 percent text.
_TILE_SIDE = 32


class SidebarHeader(Button):
    """A button for the menu of the chat."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", _LOOK)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._names = ""
        self._tile = ChatTile(theme)
        self._lamp = Lamp(theme)
        self._name = Label(theme, size=15, weight=SEMIBOLD, elide=True)
        self._status = Label(theme, font="small", role="text-muted", elide=True, tabular=True)
        status = QHBoxLayout()
        status.setContentsMargins(0, 0, 0, 0)
        status.setSpacing(2)
        status.addWidget(self._lamp)
        status.addWidget(self._status, 1)
        text_column = QVBoxLayout()
        text_column.setSpacing(0)
        text_column.addStretch(1)
        text_column.addWidget(self._name)
        text_column.addLayout(status)
        text_column.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(10)
        layout.addWidget(self._tile)
        layout.addLayout(text_column, 1)
        self._lock = Icon(theme, "lock", size=16)
        self._lock.hide()
        self._encryption = ""
        layout.addWidget(self._lock)
        layout.addWidget(Icon(theme, "chevron-down"))
        for label in (self._name, self._status):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_chat(self, name: str, status: str, *, is_open: bool) -> None:
        """Show name and status; ``is_open`` is whether the room is open."""
        self._tile.set_name(name)
        self._name.set_text(name)
        self._status.set_text(status)
        self._lamp.set_on(is_open)
        self._names = f"{isolated(name)}, {status}"
        self._show_names()

    def set_encryption(self, sentence: str) -> None:
        """Show a lock, with what it says: to whom the chat is encrypted; empty for one that is not."""
        self._encryption = sentence
        self._lock.setVisible(bool(sentence))
        self._show_names()

    def _show_names(self) -> None:
        names = ". ".join(filter(None, (self._names, self._encryption.removesuffix("."))))
        self.setAccessibleName(f"{names}. Menu")
        set_tooltip(self, names)

    def sizeHint(self) -> QSize:
        """As high as the top bar, together with the hairline below."""
        return QSize(self._theme.px(160), self._theme.px(self._theme.tokens["size"]["bar"]) - HAIRLINE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _paint_content(self, painter: QPainter, foreground: QColor) -> None:
        """Paint nothing: the content is child widgets."""


class ChatTile(QWidget):
    """The initials of the chat on a petrol tile."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._initials = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.updateGeometry)

    def set_name(self, name: str) -> None:
        """Set the name whose initials are shown."""
        self._initials = initials(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self._theme.px(_TILE_SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        border = self._theme.color("border") if self._theme.high_contrast else None
        paint_panel(
            painter, QRectF(self.rect()), self._theme.tokens["radius"]["row"], self._theme.color("hero"), border
        )
        painter.setPen(self._theme.color("hero-text"))
        painter.setFont(self._theme.font("small", SEMIBOLD))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initials)
        painter.end()
