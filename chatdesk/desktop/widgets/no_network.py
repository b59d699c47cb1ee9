"""What stands in the place of the ways in while there is none: why, and what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.text import NO_NETWORK
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label

_ICON = 40
_WIDEST = 420


class NoNetwork(QWidget):
    """Stands in the middle of its place."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words = QWidget()
        heading = Label(theme, "No network", font="heading", wrap=True)
        sentence = Label(theme, NO_NETWORK, role="text-muted", wrap=True)
        column = QVBoxLayout(self._words)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(6)
        column.addStretch(1)
        column.addWidget(Icon(theme, "wifi-off", size=_ICON), 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (heading, sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._words)
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._words.setMaximumWidth(self._theme.px(_WIDEST))
