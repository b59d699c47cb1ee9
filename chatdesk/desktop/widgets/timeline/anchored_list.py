"""A list view of rows of different heights that keeps what is being read in place.

Only rows that are new or have changed are measured; QListView would ask for the size of every row again.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from chatdesk.desktop.widgets.common.screen_reader import CurrentRowFocus
from chatdesk.desktop.widgets.timeline.row_heights import RowHeights

_FOLLOW_WITHIN = 100
"""Pixels from the end within which new rows are followed: somebody two or three lines up still reads the newest."""
_ABOVE, _BELOW = 6, 8
"""Pixels above the first row and below the last."""

_UP = (QAbstractItemView.CursorAction.MoveUp, QAbstractItemView.CursorAction.MovePageUp)
_DOWN = (QAbstractItemView.CursorAction.MoveDown, QAbstractItemView.CursorAction.MovePageDown)

Index = QModelIndex | QPersistentModelIndex


class _ScrollAnchor(NamedTuple):
    """The row at the upper edge, the part of it that is above the edge, and whether the end is followed."""

    row: QPersistentModelIndex
    part: float
    following: bool


class AnchoredList(QListView):
    """Keeps visible rows in place when rows above them change, and stays at the end if it is there.

    Subclasses implement ``row_height`` and call ``remeasure`` when all heights have changed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.row_heights = RowHeights()
        self._anchor: _ScrollAnchor | None = None
        self._anchored_value = -1
        CurrentRowFocus(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def row_height(self, position: int) -> int:
        """Return the height of a row in pixels."""
        raise NotImplementedError

    @property
    def following(self) -> bool:
        """Whether the end is visible, or nearly."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - _FOLLOW_WITHIN

    @property
    def visible_positions(self) -> range:
        """The positions of the visible rows."""
        top = self.verticalOffset() - _ABOVE
        return self.row_heights.positions_between(top, top + self.viewport().height())

    def scroll_to_end(self) -> None:
        """Scroll to the end."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def remeasure(self) -> None:
        """Measure all rows again, and keep the row at the upper edge in place."""
        self._keep_anchor(self._measure_all)

    # Changes of the model

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            model.rowsRemoved.connect(self._rows_removed)

    def reset(self) -> None:
        super().reset()
        self._measure_all()
        self.viewport().update()  # scrolling would move pixels of the old rows

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        heights = [self.row_height(position) for position in range(start, end + 1)]
        above = start == 0 or self._is_above(start)
        self._change(lambda: self.row_heights.insert(start, heights), above=above)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """A row grows downwards; with ``roles``, what stands above its text has changed, and it grows upwards.

        Where several have changed, the one at the upper edge stays in place.
        """
        super().dataChanged(first, last, roles)
        start = first.row()
        heights = [self.row_height(position) for position in range(start, last.row() + 1)]
        if len(heights) == 1:
            above = bool(roles) or self._is_above(start)
            self._change(lambda: self.row_heights.replace(start, heights), above=above)
        else:
            self._keep_anchor(lambda: self._replace(start, heights))

    def _rows_removed(self, _parent: QModelIndex, start: int, end: int) -> None:
        above = self.row_heights.top(start) <= self.verticalScrollBar().value()
        self._change(lambda: self.row_heights.remove(start, end - start + 1), above=above)

    def _replace(self, start: int, heights: list[int]) -> None:
        self.row_heights.replace(start, heights)
        self.updateGeometries()

    def _is_above(self, position: int) -> bool:
        """Whether a row begins above the upper edge."""
        return self.row_heights.top(position) + _ABOVE < self.verticalScrollBar().value()

    def _change(self, change: Callable[[], None], *, above: bool) -> None:
        bar, following = self.verticalScrollBar(), self.following
        value, before = bar.value(), self.row_heights.total
        self._anchor = None
        change()
        self.updateGeometries()  # may reduce the value, so the old one counts
        if following:
            self.scroll_to_end()
        elif above:
            bar.setValue(value + self.row_heights.total - before)
        self.viewport().update()

    def _keep_anchor(self, resize: Callable[[], None]) -> None:
        """Resize with the anchor in place. Several resizes without scrolling in between keep the first one's anchor."""
        bar = self.verticalScrollBar()
        if self._anchor is None or bar.value() != self._anchored_value or not self._anchor.row.isValid():
            self._anchor = self._find_anchor()
        resize()
        if self._anchor and self._anchor.following:
            self.scroll_to_end()
        elif self._anchor:
            position = self._anchor.row.row()
            bar.setValue(
                _ABOVE + self.row_heights.top(position) + round(self._anchor.part * self.row_heights.height(position))
            )
        self._anchored_value = bar.value()
        self.viewport().update()

    def _find_anchor(self) -> _ScrollAnchor | None:
        if not (visible_positions := self.visible_positions):
            return None
        first = visible_positions[0]
        above = self.verticalOffset() - _ABOVE - self.row_heights.top(first)
        row = QPersistentModelIndex(self.model().index(first, 0))
        return _ScrollAnchor(row, above / max(1, self.row_heights.height(first)), self.following)

    def _measure_all(self) -> None:
        self.row_heights = RowHeights()
        self.row_heights.insert(0, [self.row_height(position) for position in range(self.model().rowCount())])
        self.updateGeometries()

    # Geometry

    def doItemsLayout(self) -> None:
        self.updateGeometries()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.viewport().update()  # QListView scrolls only what it has laid out itself

    def updateGeometries(self) -> None:
        height, bar = self.viewport().height(), self.verticalScrollBar()
        bar.setRange(0, max(0, _ABOVE + self.row_heights.total + _BELOW - height))
        bar.setPageStep(height)
        bar.setSingleStep(20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_anchor(self.updateGeometries)

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= len(self.row_heights):
            return QRect()
        return self.rect_of(index.row())

    def rect_of(self, position: int) -> QRect:
        """Return where the row at a position is in the viewport."""
        top = _ABOVE + self.row_heights.top(position) - self.verticalOffset()
        return QRect(0, top, self.viewport().width(), self.row_heights.height(position))

    def indexAt(self, point: QPoint) -> QModelIndex:
        position = self.row_heights.position_at(point.y() + self.verticalOffset() - _ABOVE)
        return QModelIndex() if position is None else self.model().index(position, 0)

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = QListView.ScrollHint.EnsureVisible) -> None:
        rect, bar, height = self.visualRect(index), self.verticalScrollBar(), self.viewport().height()
        if rect.top() < 0 and rect.bottom() < height:
            bar.setValue(bar.value() + max(rect.top() - _ABOVE, rect.bottom() - height + _BELOW))
        elif rect.bottom() > height and rect.top() > 0:
            bar.setValue(bar.value() + min(rect.bottom() - height + _BELOW, rect.top() - _ABOVE))

    def moveCursor(self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        last, current = len(self.row_heights) - 1, self.currentIndex()
        if self._scroll_within(current, action):
            return current
        page = max(1, len(self.visible_positions) - 1)
        steps = {
            QListView.CursorAction.MoveHome: -last - 1,
            QListView.CursorAction.MoveEnd: last,
            QListView.CursorAction.MoveUp: -1,
            QListView.CursorAction.MoveDown: 1,
            QListView.CursorAction.MovePageUp: -page,
            QListView.CursorAction.MovePageDown: page,
        }
        start = current.row() if current.isValid() else last + 1  # without a current row, start at the newest
        return self.model().index(min(max(start + steps.get(action, 0), 0), last), 0)

    def _scroll_within(self, current: QModelIndex, action: QAbstractItemView.CursorAction) -> bool:
        """Scroll within a row that is higher than the view, before moving on to the next."""
        rect, bar, height = self.visualRect(current), self.verticalScrollBar(), self.viewport().height()
        up = rect.top() < 0 <= rect.bottom() and action in _UP
        down = rect.top() < height <= rect.bottom() and action in _DOWN
        if current.isValid() and (up or down):
            step = height - 2 * bar.singleStep()
            bar.setValue(
                bar.value() + (max(-step, rect.top() - _ABOVE) if up else min(step, rect.bottom() - height + _BELOW))
            )
        return current.isValid() and (up or down)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        area = rect.normalized()
        top = area.top() + self.verticalOffset() - _ABOVE
        if positions := self.row_heights.positions_between(top, top + max(1, area.height())):
            first, last = self.model().index(positions[0], 0), self.model().index(positions[-1], 0)
            self.selectionModel().select(QItemSelection(first, last), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for index in selection.indexes():
            region |= QRegion(self.visualRect(index))
        return region
