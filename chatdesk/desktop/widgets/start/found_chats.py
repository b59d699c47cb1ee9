"""The list of chats found on the network: name, host, number of people, and *Join*."""

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.models.hosts import GONE, HOST, HostsModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.screen_reader import CurrentRowFocus
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.start.found_chat_row import ROW_HEIGHT, FoundChatDelegate
from chatdesk.protocol.text import isolated

MIN_ROWS = 1
"""Rows that are always visible: an error below the address field takes room from the list, but not all of it."""

_ANNOUNCE_AFTER_MS = 700
"""Milliseconds to wait for more chats before the new ones are announced: answers on a network arrive within it."""


class FoundChatList(QListView):
    """Shows a HostsModel; hidden while it is empty. ``chosen`` carries the FoundHost to join."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, model: HostsModel) -> None:
        super().__init__()
        self._theme, self._hosts = theme, model
        self._hovered = False
        self._min_rows = MIN_ROWS
        self._new_names: list[str] = []
        self._announce_timer = QTimer(self, singleShot=True, interval=_ANNOUNCE_AFTER_MS)
        self._announce_timer.timeout.connect(self._announce_new)
        self._hover_timer = QTimer(self, singleShot=True, interval=0)
        self._hover_timer.timeout.connect(self._update_hover)
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
        self.entered.connect(lambda _index: self._set_hovered(True))
        self.viewportEntered.connect(lambda: self._set_hovered(False))
        model.rowsInserted.connect(self._rows_inserted)
        for change in (model.rowsInserted, model.rowsRemoved, theme.changed):
            change.connect(self._resize)
        self._resize()

    def set_min_rows(self, rows: int) -> None:
        """Set how many rows are always visible, if there are as many."""
        self._min_rows = rows
        self._resize()

    def sizeHint(self) -> QSize:
        """As high as the rows that are always visible; it expands into the room of the card."""
        return QSize(self._theme.px(200), min(self._hosts.rowCount(), self._min_rows) * self._theme.px(ROW_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    # While a row is under the pointer or has the focus, the model keeps the order of the rows.

    def _set_hovered(self, pointed: bool) -> None:
        """Take note of whether a row is under the pointer."""
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if pointed else Qt.CursorShape.ArrowCursor)
        self._hovered = pointed
        self._hosts.set_held(pointed or self.hasFocus())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hovered(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._hosts.set_held(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._hosts.set_held(self._hovered)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._hosts.set_held(False)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid() and not index.data(GONE):
            self.chosen.emit(index.data(HOST))

    def _resize(self) -> None:
        self.setVisible(self._hosts.rowCount() > 0)
        self.updateGeometry()

    def _update_hover(self) -> None:
        """Find out whether a new row has appeared under a pointer that does not move."""
        point = self.viewport().mapFromGlobal(QCursor.pos())
        if self.isActiveWindow() and self.viewport().rect().contains(point):
            self._set_hovered(self.indexAt(point).isValid())

    def _rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._new_names += [isolated(str(self._hosts.index(row).data())) for row in range(first, last + 1)]
        self._announce_timer.start()
        self._hover_timer.start()

    def _announce_new(self) -> None:
        """Announce the new chats in one sentence."""
        names, self._new_names = self._new_names, []
        announce(self, f"Found {names[0]}" if len(names) == 1 else f"Found {len(names)} rooms")
