"""The bar at the bottom of the sidebar: the user's own name and status, and the settings button."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.avatar import Avatar
from chatdesk.desktop.widgets.common.button import IconButton
from chatdesk.desktop.widgets.common.hairline import HAIRLINE
from chatdesk.desktop.widgets.common.label import Label


class UserBar(QWidget):
    """Emits ``settings_requested`` when its button is clicked."""

    settings_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._avatar = Avatar(theme, theme.tokens["size"]["avatar"]["me"])
        self._name = Label(theme, weight=SEMIBOLD, elide=True)
        self._status = Label(theme, font="small", role="text-muted", elide=True)
        self._settings = IconButton(theme, "sliders", "Settings")
        text_column = QVBoxLayout()
        text_column.setSpacing(0)
        text_column.addStretch(1)
        text_column.addWidget(self._name)
        text_column.addWidget(self._status)
        text_column.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 9, 0)
        layout.setSpacing(9)
        layout.addWidget(self._avatar)
        layout.addLayout(text_column, 1)
        layout.addWidget(self._settings)
        self._settings.clicked.connect(self.settings_requested)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def set_user(self, nickname: str, author: str, status: str, presence: str) -> None:
        """Show the user's name, what is said below it, and their presence, as ``paint_avatar`` takes it."""
        self._avatar.set_person(nickname, author)
        self._avatar.set_presence(presence)
        self._name.set_text(nickname)
        self._status.set_text(status)

    def _apply_theme(self) -> None:
        self.setFixedHeight(self._theme.px(self._theme.tokens["size"]["meBar"]) - HAIRLINE)
