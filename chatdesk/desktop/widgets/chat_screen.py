"""The chat: sidebar, then timeline and composer."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from chatdesk.desktop.keys import writes
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.banner import Banner
from chatdesk.desktop.widgets.columns import Columns
from chatdesk.desktop.widgets.composer import Composer
from chatdesk.desktop.widgets.empty_room import EmptyRoom
from chatdesk.desktop.widgets.jump_pill import JumpPill
from chatdesk.desktop.widgets.sidebar import Sidebar
from chatdesk.desktop.widgets.timeline.view import TimelineView
from chatdesk.desktop.widgets.top_bar import TopBar
from chatdesk.desktop.widgets.typing_line import TypingLine
from chatdesk.protocol.limits import CONTENT_CHARS


class ChatScreen(QWidget):
    """Layout: what its parts mean to each other and to the client stands in ``wiring``."""

    def __init__(self, theme: Theme, timeline: TimelineModel, people: PeopleModel, *, hosting: bool) -> None:
        super().__init__()
        self._theme = theme
        self.sidebar = Sidebar(theme, people, hosting=hosting)
        self.top_bar = TopBar(theme)
        self.banner = Banner(theme)
        self.timeline = TimelineView(theme, timeline)
        self.empty = EmptyRoom(theme)
        self.jump = JumpPill(theme)
        self.typing = TypingLine(theme)
        self.composer = Composer(theme, CONTENT_CHARS)
        self._reading = QStackedLayout()
        self.columns = Columns(theme, self.sidebar, self._centre())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.columns)
        self.setFocusProxy(self.composer)
        self.jump.setParent(self.timeline)
        self.timeline.installEventFilter(self)

    @property
    def foot(self) -> int:
        """The height of the composer's place."""
        sizes = self._theme.tokens["size"]["composer"]
        return self._theme.px(sizes["min"]) + int(sizes["bottom"])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is written where nothing takes it goes into the composer."""
        if writes(event):
            self.composer.edit.setFocus()
            QApplication.sendEvent(self.composer.edit, event)
        else:
            super().keyPressEvent(event)

    def show_empty(self, empty: bool) -> None:
        """Show the timeline, or that there is nothing in it yet."""
        self._reading.setCurrentWidget(self.empty if empty else self.timeline)

    def show_unseen(self, number: int) -> None:
        """Offer the way to this many messages below."""
        self.jump.set_unseen(number)
        self._place_jump()

    def _place_jump(self) -> None:
        """The pill floats at the end of the timeline, in the middle of its words."""
        pill = self.jump
        pill.adjustSize()
        middle = min(self.timeline.width(), self._theme.px(72 + 680 + 24)) // 2
        pill.move(middle - pill.width() // 2, self.timeline.height() - pill.height())
        pill.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place_jump()
        return False

    def _centre(self) -> QWidget:
        centre = _Surface(self._theme)
        centre.setFocusProxy(self.composer)
        composer = QVBoxLayout()
        sizes = self._theme.tokens["size"]["composer"]
        composer.setContentsMargins(sizes["side"], 0, sizes["side"], sizes["bottom"])
        composer.addWidget(self.composer)
        self._reading.addWidget(self.timeline)
        self._reading.addWidget(self.empty)
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top_bar)
        layout.addWidget(self.banner)
        layout.addLayout(self._reading, 1)
        layout.addWidget(self.typing)
        layout.addLayout(composer)
        return centre


class _Surface(QWidget):
    """The reading ground."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        painter.end()
