"""The timeline's widget: it follows the newest message, or stays where somebody reads."""

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

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.keys import is_text_key
from chatdesk.desktop.models.rows import DaySeparator, MessageRow, PresenceRow, Row, UnreadSeparator, UnsentRow, day_of
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.common.tooltip import set_tooltip
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.anchored_list import AnchoredList, Index
from chatdesk.desktop.widgets.timeline.pixmap_cache import RowPixmapCache
from chatdesk.desktop.widgets.timeline.read_tracker import ReadTracker
from chatdesk.desktop.widgets.timeline.row_actions import copied_text, enter_action, tooltip_text
from chatdesk.desktop.widgets.timeline.row_highlight import RowHighlight
from chatdesk.desktop.widgets.timeline.row_layout import (
    ClickTarget,
    Discard,
    Edit,
    Link,
    OpenCalendar,
    Resend,
    RowLayout,
    Toggle,
)

_LOAD_WITHIN = 600
"""Pixels to the edge of the loaded rows at which more are requested: about one window, so that they arrive in time."""
_JUMP_POSITION, _UNREAD_POSITION = 0.3, 0.15
"""Where a message that was jumped to is placed, and the unread separator at the start: parts of the view's height."""
_CURRENT_BAR = 3
"""Pixels of the bar at the current row."""
_MAX_CACHED_HEIGHT = 320
"""Pixels of height up to which a row is cached: a long message's picture would take many megabytes."""


class TimelineView(AnchoredList):
    """Shows a TimelineModel.

    ``older_requested`` and ``newer_requested`` are emitted near the edge of the loaded rows. ``menu_requested`` carries
    a row and a point of the screen, ``calendar_requested`` such a point; the other signals a URL or a message's id.
    ``read_tracker`` knows how far the person has read.
    """

    older_requested = Signal()
    newer_requested = Signal()
    calendar_requested = Signal(QPoint)
    link_clicked = Signal(str)
    resend_requested = Signal(str)
    edit_requested = Signal(str)
    discard_requested = Signal(str)
    menu_requested = Signal(QModelIndex, QPoint)

    def __init__(self, theme: Theme, model: TimelineModel) -> None:
        super().__init__()
        self._theme, self._timeline = theme, model
        self._layout = RowLayout(theme, self.viewport().width())
        self._pixmaps = RowPixmapCache(self._layout, self.devicePixelRatioF())
        self._hovered: int | None = None
        self._pressed: ClickTarget | None = None
        self._highlight = RowHighlight(theme, self)
        self._opening_index = QPersistentModelIndex()  # the unread separator, until the window has its size
        self.read_tracker = ReadTracker(self, model)
        self._keyboard_focus = False
        self._request_timer = QTimer(self, singleShot=True, interval=0)
        self._request_timer.timeout.connect(self._request_more)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setAccessibleName("Messages")
        ScrollBar(theme, self, over=True)
        self.setModel(model)
        model.newest_changed.connect(self._newest_changed)
        model.unread_changed.connect(self._request_timer.start)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self._relayout)

    @property
    def following(self) -> bool:
        """Whether new messages are followed: the newest one is loaded and visible, or nearly."""
        return not self._timeline.behind and super().following

    @property
    def text_center(self) -> int:
        """The horizontal centre of the text, in pixels, for what floats over it."""
        sizes = self._theme.tokens["size"]["timeline"]
        return min(self.width(), self._theme.px(sizes["text"] + sizes["measure"] + sizes["side"])) // 2

    @property
    def day_at_top(self) -> date | None:
        """The date of the uppermost visible row that has one; None if there is none."""
        days = (day_of(self._timeline.row(position)) for position in self.visible_positions)
        return next((day for day in days if day), None)

    def row_height(self, position: int) -> int:
        return row_painter.height(self._layout, self._timeline.row(position))

    def show_message(self, position: int) -> None:
        """Scroll to a row, make it the current one, and highlight it for a moment."""
        index = self._timeline.index(position)
        self._opening_index = QPersistentModelIndex()
        self._scroll_to_part(index, _JUMP_POSITION)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._highlight.highlight(QPersistentModelIndex(index))
        announce(self, str(index.data(Qt.ItemDataRole.AccessibleTextRole)))

    def open_at_unread(self) -> None:
        """Scroll to the unread separator, if it is loaded."""
        position = self._timeline.unread_position
        if position is not None:
            self._opening_index = QPersistentModelIndex(self._timeline.index(position))
            self._scroll_to_part(self._opening_index, _UNREAD_POSITION)

    def scroll_to_end(self) -> None:
        super().scroll_to_end()
        self.read_tracker.update()

    def copy(self) -> None:
        """Copy the selected rows, or the current one."""
        chosen = sorted(self.selectedIndexes(), key=QModelIndex.row) or [self.currentIndex()]
        if text := copied_text(
            [self._timeline.row(index.row()) for index in chosen if index.isValid()], self._timeline.own_name
        ):
            QGuiApplication.clipboard().setText(text)

    # Changes of the model

    def reset(self) -> None:
        super().reset()
        self.scroll_to_end()
        self._request_timer.start()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        self._request_timer.start()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.color("surface"))
        self._opening_index = QPersistentModelIndex()
        for position in self.visible_positions:
            index = self._timeline.index(position)
            rect = self.visualRect(index)
            row = self._timeline.row(position)
            if rect.height() <= _MAX_CACHED_HEIGHT and self._is_cacheable(index, row):
                painter.drawPixmap(rect.topLeft(), self._pixmaps.pixmap(row, rect.height()))
                continue
            self._paint_background(painter, index, rect)
            painter.save()
            painter.translate(rect.topLeft())
            row_painter.paint(painter, self._layout, row, hovered=position == self._hovered)
            painter.restore()
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read_tracker.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.viewport().width() != self._layout.width:
            self._relayout()
        super().resizeEvent(event)
        if self._opening_index.isValid():
            self._scroll_to_part(self._opening_index, _UNREAD_POSITION)

    def _is_cacheable(self, index: QModelIndex, row: Row) -> bool:
        """Whether a row is immutable and has no hover, selection or highlight."""
        if self._pixmaps.ratio != self.devicePixelRatioF():  # moved to another screen
            self._pixmaps = RowPixmapCache(self._layout, self.devicePixelRatioF())
        special = index.row() == self._hovered or self.selectionModel().isSelected(index)
        special = special or self._highlight.background(index.row()) is not None
        return not (
            special or isinstance(row, PresenceRow | DaySeparator | UnreadSeparator) or index == self.currentIndex()
        )

    def _paint_background(self, painter: QPainter, index: QModelIndex, rect: QRect) -> None:
        """Paint hover, selection, highlight and the current row's bar over the full width."""
        chosen = self.selectionModel().isSelected(index)
        if chosen or (index.row() == self._hovered and isinstance(self._timeline.row(index.row()), MessageRow)):
            painter.fillRect(rect, self._theme.color("surface-selected" if chosen else "row-hover"))
        if background := self._highlight.background(index.row()):
            painter.fillRect(rect, background)
        if index == self.currentIndex() and self.hasFocus() and self._keyboard_focus:
            painter.fillRect(QRect(0, rect.top(), _CURRENT_BAR, rect.height()), self._theme.color("focus"))

    def _relayout(self) -> None:
        """Lay everything out again: width or theme have changed."""
        self._layout = RowLayout(self._theme, self.viewport().width())
        self._pixmaps = RowPixmapCache(self._layout, self.devicePixelRatioF())
        self.remeasure()

    # Scrolling

    def _scrolled(self) -> None:
        self.read_tracker.update()
        self._set_hovered(None)
        self._request_timer.start()

    def _newest_changed(self) -> None:
        self.read_tracker.update()
        if self._timeline.behind:
            self._request_timer.start()

    def _scroll_to_part(self, index: Index, part: float) -> None:
        """Scroll so that a row begins at this part of the view's height."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.visualRect(index).top() - round(part * self.viewport().height()))

    def _request_more(self) -> None:
        """Request more rows near an edge. Called from the event loop, never while the model is changing."""
        bar = self.verticalScrollBar()
        if bar.value() < _LOAD_WITHIN:
            self.older_requested.emit()
        if self._timeline.behind and bar.value() > bar.maximum() - _LOAD_WITHIN:
            self.newer_requested.emit()
        self.read_tracker.update_unread()

    # Pointer and keyboard

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        self._set_hovered(index.row() if index.isValid() else None)
        target = self._target_at(point)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if target else Qt.CursorShape.ArrowCursor)
        set_tooltip(self.viewport(), tooltip_text(target, self._timeline.row(index.row()) if index.isValid() else None))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        single = len(self.selectedIndexes()) <= 1
        if event.button() == Qt.MouseButton.LeftButton and single and not event.modifiers():
            self.clearSelection()
            point = event.position().toPoint()
            if (target := self._target_at(point)) == self._pressed:
                self._activate(self.indexAt(point).row(), target)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hovered(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            point = self.visualRect(index).center() if by_key else event.pos()
            self.menu_requested.emit(index, self.viewport().mapToGlobal(point))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._keyboard_focus = False
        self._pressed = self._target_at(event.position().toPoint())
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._keyboard_focus = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Clear the selection, unless the focus went to a menu or another window."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._keyboard_focus = True
        index = self.currentIndex()
        row = self._timeline.row(index.row()) if index.isValid() else None
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._activate(index.row(), enter_action(self._layout, row))
        elif event.key() == Qt.Key.Key_Delete and isinstance(row, UnsentRow):
            self.discard_requested.emit(row.entry.id)
        elif event.key() == Qt.Key.Key_F2 and isinstance(row, UnsentRow):
            self.edit_requested.emit(row.entry.id)
        elif is_text_key(event):
            event.ignore()  # it is meant for the composer; Qt would search for a row
        else:
            super().keyPressEvent(event)

    def _target_at(self, point: QPoint) -> ClickTarget | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        inside = point - self.visualRect(index).topLeft()
        return row_painter.target_at(self._layout, self._timeline.row(index.row()), inside.toPointF())

    def _activate(self, position: int, target: ClickTarget | None) -> None:
        match target:
            case Link(url=url):
                self.link_clicked.emit(url)
            case Resend(id=message_id):
                self.resend_requested.emit(message_id)
            case Edit(id=message_id):
                self.edit_requested.emit(message_id)
            case Discard(id=message_id):
                self.discard_requested.emit(message_id)
            case Toggle():
                self._timeline.toggle(position)
            case OpenCalendar():
                rect = self.visualRect(self._timeline.index(position))
                self.calendar_requested.emit(self.viewport().mapToGlobal(QPoint(self._layout.text_left, rect.bottom())))

    def _set_hovered(self, position: int | None) -> None:
        if position != self._hovered:
            self._hovered = position
            self.viewport().update()
