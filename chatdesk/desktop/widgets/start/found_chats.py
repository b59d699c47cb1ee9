"""The chats found on the network, one row each: what it is called, who hosts it, how many are there, *Join*."""

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy

from chatdesk.desktop.announce import announce
from chatdesk.desktop.models.hosts import GONE, HOST, HostsModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.screen_reader import CurrentRowFocus
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.start.found_chat_row import ROW_HEIGHT, FoundChatDelegate
from chatdesk.protocol.text import isolated

MIN_ROWS = 1
"""As many rows are seen at least: an error under the field takes their room, and nothing is scrolled out of sight."""

_SETTLES = 700
"""Milliseconds in which several that come together are told together."""


class FoundChatList(QListView):
    """Shows a HostsModel; ``chosen`` carries the FoundHost to join."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, model: HostsModel) -> None:
        super().__init__()
        self._theme, self._hosts = theme, model
        self._pointed = False
        self._least = MIN_ROWS
        self._arrived: list[str] = []
        self._arrivals = QTimer(self, singleShot=True, interval=_SETTLES)
        self._arrivals.timeout.connect(self._tell)
        self._laid_out = QTimer(self, singleShot=True, interval=0)
        self._laid_out.timeout.connect(self._look_under_pointer)
        self.setModel(model)
        self.setItemDelegate(FoundChatDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Rooms found")
        CurrentRowFocus(self)
        ScrollBar(theme, self, hint=True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.clicked.connect(self._choose)
        self.entered.connect(lambda _index: self._point(True))
        self.viewportEntered.connect(lambda: self._point(False))
        model.rowsInserted.connect(self._arrive)
        for change in (model.rowsInserted, model.rowsRemoved, theme.changed):
            change.connect(self._resize)
        self._resize()

    def set_min_rows(self, rows: int) -> None:
        """Show at least so many rows, where there are as many."""
        self._least = rows
        self._resize()

    def sizeHint(self) -> QSize:
        """As high as it must be: it grows into the room that the card has, and the rest is scrolled to."""
        return QSize(self._theme.px(200), min(self._hosts.rowCount(), self._least) * self._theme.px(ROW_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    # While somebody is about to choose, nothing moves.

    def _point(self, pointed: bool) -> None:
        """Whether there is a row under the pointer."""
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if pointed else Qt.CursorShape.ArrowCursor)
        self._pointed = pointed
        self._hosts.hold(pointed or self.hasFocus())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._hosts.hold(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._hosts.hold(self._pointed)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._hosts.hold(False)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid() and not index.data(GONE):
            self.chosen.emit(index.data(HOST))

    def _resize(self) -> None:
        self.setVisible(self._hosts.rowCount() > 0)
        self.updateGeometry()

    def _look_under_pointer(self) -> None:
        """A row that comes under a pointer that rests is pointed at, although nothing has moved."""
        place = self.viewport().mapFromGlobal(QCursor.pos())
        if self.isActiveWindow() and self.viewport().rect().contains(place):
            self._point(self.indexAt(place).isValid())

    def _arrive(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._arrived += [isolated(str(self._hosts.index(place).data())) for place in range(first, last + 1)]
        self._arrivals.start()
        self._laid_out.start()

    def _tell(self) -> None:
        """Say who has come, in one sentence however many."""
        arrived, self._arrived = self._arrived, []
        announce(self, f"Found {arrived[0]}" if len(arrived) == 1 else f"Found {len(arrived)} rooms")
