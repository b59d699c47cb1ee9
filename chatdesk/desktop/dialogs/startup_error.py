"""Shows why the program cannot start, when it was started from an icon and its output is not seen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.icons import app_icon
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label

TITLE = "ChatDesk cannot start"

# Pixels as in the design, at 100 percent text.
_WIDTH = 416
_MARGIN = 22


class StartupErrorDialog(QDialog):
    """A top-level window with the sentence and a button that closes it."""

    def __init__(self, theme: Theme, sentence: str) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setWindowIcon(app_icon())
        self.setAccessibleName(TITLE)
        self.setAccessibleDescription(sentence)
        close = Button(theme, "Close", PRIMARY)
        close.clicked.connect(self.accept)
        text_column = QVBoxLayout()
        text_column.setSpacing(3)
        text_column.addWidget(Label(theme, TITLE, font="title", wrap=True))
        text_column.addWidget(Label(theme, sentence, role="text-muted", wrap=True))
        text_column.addSpacing(13)
        text_column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        row.setSpacing(12)
        row.addWidget(Icon(theme, "warning", "warning"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text_column, 1)
        width = theme.px(_WIDTH)
        self.setFixedSize(width, row.totalHeightForWidth(width))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        announce(self, f"{self.accessibleName()}. {self.accessibleDescription()}")
