"""The timeline as it is painted and scrolled: it follows the newest message, or stays where somebody reads."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.models.rows import MessageRow, Row, day_of
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.anchored_list import AnchoredList, Index
from chatdesk.desktop.widgets.timeline.part_focus import PartFocus
from chatdesk.desktop.widgets.timeline.pixmap_cache import RowPixmapCache
from chatdesk.desktop.widgets.timeline.read_tracker import ReadTracker
from chatdesk.desktop.widgets.timeline.row_highlight import RowHighlight
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.text_selection import TextSelection

_LOAD_WITHIN = 600
"""Pixels to the edge of the loaded rows at which more are requested: about one window, so that they arrive in time."""
_JUMP_POSITION, _UNREAD_POSITION = 0.3, 0.15
"""Where a message that was jumped to is placed, and the unread separator at the start: parts of the view's height."""
_CURRENT_BAR, _RING = 3, 3
"""Pixels: the bar at the current row, the distance of the ring around the part that the keys are on."""


class TimelineCanvas(AnchoredList):
    """Shows a TimelineModel; a subclass handles pointer and keys.

    ``older_requested`` and ``newer_requested`` are emitted near the edge of the loaded rows. ``read_tracker`` knows how
    far the person has read.
    """

    older_requested = Signal()
    newer_requested = Signal()

    def __init__(self, theme: Theme, model: TimelineModel) -> None:
        super().__init__()
        self._theme, self._timeline = theme, model
        self._layout = self._new_layout()
        self._pixmaps = self._new_pixmaps()
        self._hovered: int | None = None
        self.text_selection = TextSelection(theme)
        self._part_focus = PartFocus()
        self._highlight = RowHighlight(theme, self)
        self._opening_index = QPersistentModelIndex()  # the unread separator, until the window has its size
        self.read_tracker = ReadTracker(self, model)
        self._keyboard_focus = False
        self._request_timer = QTimer(self, singleShot=True, interval=0)
        self._request_timer.timeout.connect(self._request_more)
        self._ahead_timer = QTimer(self, singleShot=True, interval=0)
        self._ahead_timer.timeout.connect(self._paint_ahead)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # all of it is painted here
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

    def open_room(self) -> None:
        """Show the messages of another room, from the first unread one or else from the end."""
        with self.read_tracker.opening():
            self._timeline.reset_history()
            self.open_at_unread()

    def scroll_to_end(self) -> None:
        super().scroll_to_end()
        self.read_tracker.update()

    # Changes of the model

    def reset(self) -> None:
        super().reset()
        self.scroll_to_end()
        self._request_timer.start()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        self._request_timer.start()

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        super().dataChanged(first, last, roles)
        if not any(self.text_selection.is_in(self._timeline.row(position)) for position in self.visible_positions):
            self.text_selection.clear()  # its message has changed

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pixmaps.ratio != self.devicePixelRatioF():  # moved to another screen
            self._pixmaps = self._new_pixmaps()
        painter, dirty = QPainter(self.viewport()), event.rect()
        self._opening_index = QPersistentModelIndex()
        surface, columns = self._theme.color("surface"), self._pixmaps.width
        painter.fillRect(dirty & QRect(columns, 0, self.width(), self.viewport().height()), surface)
        special, below = self._special_positions(), dirty.top()
        for position in self.visible_positions:
            rect, row = self.rect_of(position), self._timeline.row(position)
            if not rect.intersects(dirty):
                continue
            painter.fillRect(0, below, columns, rect.top() - below, surface)
            below = rect.bottom() + 1
            if position not in special and self._pixmaps.takes(row, rect.height()):
                painter.drawPixmap(rect.topLeft(), self._pixmaps.pixmap(row, rect.height()))
            else:
                painter.fillRect(rect, surface)
                self._paint_row(painter, self._timeline.index(position), rect, row)
        painter.fillRect(0, below, columns, dirty.bottom() + 1 - below, surface)
        painter.end()
        self._ahead_timer.start()

    def _paint_ahead(self) -> None:
        """Paint the pictures of a row that comes into view next, then of another, while there is nothing else to do."""
        visible, last = self.visible_positions, len(self.row_heights)
        half = len(visible) // 2
        near = (
            *range(visible.stop, min(visible.stop + half, last)),
            *range(max(0, visible.start - half), visible.start),
        )
        rows = ((self._timeline.row(position), self.row_heights.height(position)) for position in near)
        if missing := self._pixmaps.missing(rows):
            self._pixmaps.pixmap(*missing)
            self._ahead_timer.start()

    def _paint_row(self, painter: QPainter, index: QModelIndex, rect: QRect, row: Row) -> None:
        self._paint_background(painter, index, rect)
        painter.save()
        painter.translate(rect.topLeft())
        selection, hovered = self.text_selection.of(row), index.row() == self._hovered
        row_painter.paint(painter, self._layout, row, selection, hovered=hovered)
        painter.restore()
        if self._shows_focus(index) and (part := self._part_focus.of(self._layout, row)):
            ring = part.rect.translated(rect.topLeft()).adjusted(-_RING, -_RING, _RING, _RING)
            paint_panel(painter, ring, _RING * 2, None, self._theme.color("focus"))
            paint_panel(painter, ring.adjusted(1, 1, -1, -1), _RING * 2 - 1, None, self._theme.color("focus"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read_tracker.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.viewport().width() != self._layout.width:
            self._set_layout(self._layout.resized(self.viewport().width()))
        self._pixmaps.make_room(self.viewport().height())
        super().resizeEvent(event)
        if self._opening_index.isValid():
            self._scroll_to_part(self._opening_index, _UNREAD_POSITION)

    def _special_positions(self) -> set[int]:
        """The positions of rows that do not look as their pictures do: hovered, selected, highlighted, current."""
        special = {index.row() for index in self.selectionModel().selectedIndexes()}
        special |= {self.currentIndex().row(), self._highlight.position}
        if self._hovered is not None:
            special.add(self._hovered)
        if (selected := self.text_selection.row) is not None:
            special |= {place for place in self.visible_positions if self._timeline.row(place) is selected}
        return special

    def _paint_background(self, painter: QPainter, index: QModelIndex, rect: QRect) -> None:
        """Paint hover, selection, highlight and the current row's bar over the full width."""
        chosen = self.selectionModel().isSelected(index)
        if chosen or (index.row() == self._hovered and isinstance(self._timeline.row(index.row()), MessageRow)):
            painter.fillRect(rect, self._theme.color("surface-selected" if chosen else "row-hover"))
        if background := self._highlight.background(index.row()):
            painter.fillRect(rect, background)
        if self._shows_focus(index):
            painter.fillRect(QRect(0, rect.top(), _CURRENT_BAR, rect.height()), self._theme.color("focus"))

    def _shows_focus(self, index: QModelIndex) -> bool:
        return index == self.currentIndex() and self.hasFocus() and self._keyboard_focus

    def _new_layout(self) -> RowLayout:
        return RowLayout(self._theme, self.viewport().width(), self._timeline.is_mentioned)

    def _new_pixmaps(self) -> RowPixmapCache:
        pixmaps = RowPixmapCache(self._layout, self.devicePixelRatioF())
        pixmaps.make_room(self.viewport().height())
        return pixmaps

    def _repaint_row(self, index: QModelIndex) -> None:
        """Repaint a row of which a part has moved."""
        self._pixmaps.discard(self._timeline.row(index.row()))
        self.viewport().update()

    def _relayout(self) -> None:
        """Lay everything out again: the theme has changed."""
        self._set_layout(self._new_layout())

    def _set_layout(self, layout: RowLayout) -> None:
        self.text_selection.clear()
        self._layout = layout
        self._pixmaps = self._new_pixmaps()
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

    def _set_hovered(self, position: int | None) -> None:
        if position != self._hovered:
            self._hovered = position
            self.viewport().update()
