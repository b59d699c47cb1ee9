"""The timeline: it follows the newest message, or keeps still where somebody reads."""

from datetime import date

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView

from chatdesk.desktop.announce import announce
from chatdesk.desktop.keys import writes
from chatdesk.desktop.models.rows import Comings, Day, Row, Said, Unread, Unsent, day_of
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.common.tooltip import set_tooltip
from chatdesk.desktop.widgets.timeline import row_painter as rows
from chatdesk.desktop.widgets.timeline.anchored_list import Index, StackedList
from chatdesk.desktop.widgets.timeline.pixmap_cache import Pictures
from chatdesk.desktop.widgets.timeline.read_tracker import Sight
from chatdesk.desktop.widgets.timeline.row_actions import copied, deed, explained
from chatdesk.desktop.widgets.timeline.row_highlight import Flash
from chatdesk.desktop.widgets.timeline.row_layout import AnotherDay, Discard, Edit, Hit, Link, Page, SendAgain, Toggle

_BEYOND_WITHIN = 600
"""Pixels to the edge of what is loaded at which more is asked for."""
_LIT_AT, _UNREAD_AT = 0.3, 0.15
"""Where what was jumped to stands in the window, and where the divider does at the start: parts of its height."""
_CURRENT_BAR = 3
_PICTURED = 320
"""Pixels: a higher row is painted anew each time, for its picture could be as large as a wall."""


class TimelineView(StackedList):
    """Shows a TimelineModel.

    ``older_wanted`` and ``newer_wanted`` tell that the edge of what is loaded is near. ``menu_wanted`` carries a row
    and a point of the screen, ``day_wanted`` such a point. ``sight`` knows how far one has read.
    """

    older_wanted = Signal()
    newer_wanted = Signal()
    day_wanted = Signal(QPoint)
    link_clicked = Signal(str)
    send_again = Signal(str)
    edit_wanted = Signal(str)
    discard = Signal(str)
    menu_wanted = Signal(QModelIndex, QPoint)

    def __init__(self, theme: Theme, model: TimelineModel) -> None:
        super().__init__()
        self._theme, self._timeline = theme, model
        self._page = Page(theme, self.viewport().width())
        self._pictures = Pictures(self._page, self.devicePixelRatioF())
        self._hovered: int | None = None
        self._pressed: Hit | None = None
        self._flash = Flash(theme, self)
        self._goal = QPersistentModelIndex()  # the divider, until the window has its size
        self.sight = Sight(self, model)
        self._by_keys = False
        self._edge = QTimer(self, singleShot=True, interval=0)
        self._edge.timeout.connect(self._look_beyond)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setAccessibleName("Messages")
        ScrollBar(theme, self, over=True)
        self.setModel(model)
        model.grew.connect(self._grow)
        model.divided.connect(self._edge.start)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self._turn_page)

    @property
    def following(self) -> bool:
        """Whether new messages are followed: the newest is in sight, or nearly."""
        return not self._timeline.behind and super().following

    @property
    def middle(self) -> int:
        """The middle of the words, for what floats over them."""
        sizes = self._theme.tokens["size"]["timeline"]
        return min(self.width(), self._theme.px(sizes["text"] + sizes["measure"] + sizes["side"])) // 2

    @property
    def top_day(self) -> date | None:
        """The day that is read at the top; None where nothing is."""
        days = (day_of(self._timeline.row(place)) for place in self.shown)
        return next((day for day in days if day), None)

    def row_height(self, place: int) -> int:
        return rows.height(self._page, self._timeline.row(place))

    def show_message(self, place: int) -> None:
        """Bring this row in sight, lit for a moment, with the keys on it."""
        index = self._timeline.index(place)
        self._goal = QPersistentModelIndex()
        self._stand(index, _LIT_AT)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._flash.light(QPersistentModelIndex(index))
        announce(self, str(index.data(Qt.ItemDataRole.AccessibleTextRole)))

    def open_at_unread(self) -> None:
        """Begin where what is new begins, if that is loaded."""
        place = self._timeline.unread_place
        if place is not None:
            self._goal = QPersistentModelIndex(self._timeline.index(place))
            self._stand(self._goal, _UNREAD_AT)

    def to_end(self) -> None:
        super().to_end()
        self.sight.look()

    def copy(self) -> None:
        """Copy the chosen rows, or the current one."""
        chosen = sorted(self.selectedIndexes(), key=QModelIndex.row) or [self.currentIndex()]
        if text := copied(
            [self._timeline.row(index.row()) for index in chosen if index.isValid()], self._timeline.own_name
        ):
            QGuiApplication.clipboard().setText(text)

    # What the model tells

    def reset(self) -> None:
        super().reset()
        self.to_end()
        self._edge.start()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        self._edge.start()

    # What is seen

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.color("surface"))
        self._goal = QPersistentModelIndex()
        for place in self.shown:
            index = self._timeline.index(place)
            rect = self.visualRect(index)
            row = self._timeline.row(place)
            if rect.height() <= _PICTURED and self._at_rest(index, row):
                painter.drawPixmap(rect.topLeft(), self._pictures.picture(row, rect.height()))
                continue
            self._paint_ground(painter, index, rect)
            painter.save()
            painter.translate(rect.topLeft())
            rows.paint(painter, self._page, row, hovered=place == self._hovered)
            painter.restore()
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.sight.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.viewport().width() != self._page.width:
            self._turn_page()
        super().resizeEvent(event)
        if self._goal.isValid():
            self._stand(self._goal, _UNREAD_AT)

    def _at_rest(self, index: QModelIndex, row: Row) -> bool:
        """Whether the row looks as it mostly does."""
        if self._pictures.ratio != self.devicePixelRatioF():  # moved to another screen
            self._pictures = Pictures(self._page, self.devicePixelRatioF())
        special = index.row() == self._hovered or self.selectionModel().isSelected(index)
        special = special or self._flash.ground(index.row()) is not None
        return not (special or isinstance(row, Comings | Day | Unread) or index == self.currentIndex())

    def _paint_ground(self, painter: QPainter, index: QModelIndex, rect: QRect) -> None:
        """Over the full width."""
        chosen = self.selectionModel().isSelected(index)
        if chosen or (index.row() == self._hovered and isinstance(self._timeline.row(index.row()), Said)):
            painter.fillRect(rect, self._theme.color("surface-selected" if chosen else "row-hover"))
        if light := self._flash.ground(index.row()):
            painter.fillRect(rect, light)
        if index == self.currentIndex() and self.hasFocus() and self._by_keys:
            painter.fillRect(QRect(0, rect.top(), _CURRENT_BAR, rect.height()), self._theme.color("focus"))

    def _turn_page(self) -> None:
        """Width or look have changed."""
        self._page = Page(self._theme, self.viewport().width())
        self._pictures = Pictures(self._page, self.devicePixelRatioF())
        self.measure()

    # Scrolling

    def _scrolled(self) -> None:
        self.sight.look()
        self._hover(None)
        self._edge.start()

    def _grow(self) -> None:
        self.sight.look()
        if self._timeline.behind:
            self._edge.start()

    def _stand(self, index: Index, part: float) -> None:
        """Scroll so that a row stands at this part of the window's height."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.visualRect(index).top() - round(part * self.viewport().height()))

    def _look_beyond(self) -> None:
        """Near an edge of what is loaded, load on. Not while the model is changing: from the event loop."""
        bar = self.verticalScrollBar()
        if bar.value() < _BEYOND_WITHIN:
            self.older_wanted.emit()
        if self._timeline.behind and bar.value() > bar.maximum() - _BEYOND_WITHIN:
            self.newer_wanted.emit()
        self.sight.look_for_unread()

    # Pointing and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        self._hover(index.row() if index.isValid() else None)
        hit = self._hit(point)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor)
        set_tooltip(self.viewport(), explained(hit, self._timeline.row(index.row()) if index.isValid() else None))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        single = len(self.selectedIndexes()) <= 1
        if event.button() == Qt.MouseButton.LeftButton and single and not event.modifiers():
            self.clearSelection()
            point = event.position().toPoint()
            if (hit := self._hit(point)) == self._pressed:
                self._act(self.indexAt(point).row(), hit)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            point = self.visualRect(index).center() if by_key else event.pos()
            self.menu_wanted.emit(index, self.viewport().mapToGlobal(point))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keys = False
        self._pressed = self._hit(event.position().toPoint())
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Rows are chosen as long as one is among them, or in their menu, or looks elsewhere for a while."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keys = True
        index = self.currentIndex()
        row = self._timeline.row(index.row()) if index.isValid() else None
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._act(index.row(), deed(self._page, row))
        elif event.key() == Qt.Key.Key_Delete and isinstance(row, Unsent):
            self.discard.emit(row.entry.id)
        elif event.key() == Qt.Key.Key_F2 and isinstance(row, Unsent):
            self.edit_wanted.emit(row.entry.id)
        elif writes(event):
            event.ignore()  # Qt would look for a row that begins so; it is meant for the composer
        else:
            super().keyPressEvent(event)

    def _hit(self, point: QPoint) -> Hit | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        inside = point - self.visualRect(index).topLeft()
        return rows.hit(self._page, self._timeline.row(index.row()), inside.toPointF())

    def _act(self, place: int, hit: Hit | None) -> None:
        match hit:
            case Link(url=url):
                self.link_clicked.emit(url)
            case SendAgain(id=message_id):
                self.send_again.emit(message_id)
            case Edit(id=message_id):
                self.edit_wanted.emit(message_id)
            case Discard(id=message_id):
                self.discard.emit(message_id)
            case Toggle():
                self._timeline.toggle(place)
            case AnotherDay():
                rect = self.visualRect(self._timeline.index(place))
                self.day_wanted.emit(self.viewport().mapToGlobal(QPoint(self._page.text, rect.bottom())))

    def _hover(self, place: int | None) -> None:
        if place != self._hovered:
            self._hovered = place
            self.viewport().update()
