"""A list of rows of different heights: visible rows stay in place while others change."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from chatdesk.desktop.widgets.timeline.anchored_list import AnchoredList

ABOVE, BELOW = 6, 8


class Heights(AnchoredList):
    """Each row is as high as the number in its text."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[QRect] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.append(event.rect())

    def row_height(self, position: int) -> int:
        return int(self.model().index(position, 0).data())


class Rows(QAbstractListModel):
    """A model of heights."""

    def __init__(self, heights: list[int]) -> None:
        super().__init__()
        self.heights = list(heights)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.heights)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return str(self.heights[index.row()]) if index.isValid() and role == Qt.ItemDataRole.DisplayRole else None

    def put(self, place: int, *heights: int) -> None:
        self.beginInsertRows(QModelIndex(), place, place + len(heights) - 1)
        self.heights[place:place] = heights
        self.endInsertRows()

    def take(self, place: int) -> None:
        self.beginRemoveRows(QModelIndex(), place, place)
        del self.heights[place]
        self.endRemoveRows()

    def change(self, place: int, height: int) -> None:
        self.heights[place] = height
        self.dataChanged.emit(self.index(place), self.index(place))


@pytest.fixture
def rows(qapp: QApplication) -> Rows:
    return Rows([40] * 50)


@pytest.fixture
def view(qtbot: QtBot, rows: Rows) -> Heights:
    made = Heights()
    qtbot.addWidget(made)
    made.setModel(rows)
    made.resize(300, 200)
    made.show()
    return made


def top_of(view: Heights, place: int) -> int:
    return view.visualRect(view.model().index(place, 0)).top()


def scroll_to(view: Heights, value: int) -> None:
    view.verticalScrollBar().setValue(value)


def is_whole(view: Heights, rows: Rows) -> bool:
    """Whether the scroll range fits all rows, and the rows have no gaps."""
    total = ABOVE + sum(rows.heights) + BELOW
    rects = [view.visualRect(rows.index(place, 0)) for place in range(rows.rowCount())]
    joined = all(below.top() == above.bottom() + 1 for above, below in pairwise(rects))
    return view.verticalScrollBar().maximum() == max(0, total - view.viewport().height()) and joined


@pytest.mark.usefixtures("qapp")
@given(
    st.lists(st.integers(1, 300), max_size=12),
    st.lists(
        st.tuples(st.sampled_from(["put", "remove", "change", "scroll"]), st.integers(0, 99), st.integers(1, 300))
    ),
)
@settings(max_examples=60, deadline=None)
def test_after_any_change_all_rows_are_there_and_what_is_read_has_not_moved(
    heights: list[int], changes: list[tuple[str, int, int]]
) -> None:
    rows = Rows(heights)
    view = Heights()
    view.setModel(rows)
    view.resize(300, 200)
    view.show()
    for what, where, height in changes:
        place = where % max(1, rows.rowCount())
        following, read = view.following, view.indexAt(QPoint(0, ABOVE + 1)).row()
        before = top_of(view, read)
        if what == "scroll":
            scroll_to(view, where * 20)
            continue
        if place == read or not rows.rowCount():
            continue
        if what == "put":
            rows.put(place, height, height)
            read += 2 if place < read else 0
        elif what == "remove":
            rows.take(place)
            read -= 1 if place < read else 0
        else:
            rows.change(place, height)
        assert is_whole(view, rows)
        bar = view.verticalScrollBar()
        if following:
            assert bar.value() == bar.maximum()
        elif 0 < bar.value() < bar.maximum():
            assert top_of(view, read) == before


def test_rows_put_in_at_the_top_push_nothing_away(view: Heights, rows: Rows) -> None:
    scroll_to(view, 0)
    rows.put(0, 100, 200)
    assert top_of(view, 2) == ABOVE


def test_a_row_that_grows_at_the_top_grows_downwards(view: Heights, rows: Rows) -> None:
    scroll_to(view, 0)
    rows.change(0, 90)
    assert (top_of(view, 0), top_of(view, 1)) == (ABOVE, ABOVE + 90)


def test_near_the_end_it_follows_and_further_up_it_stays(view: Heights, rows: Rows) -> None:
    bar = view.verticalScrollBar()
    scroll_to(view, bar.maximum() - 100)
    assert view.following
    rows.put(50, 500)
    assert bar.value() == bar.maximum()
    scroll_to(view, bar.maximum() - 101)
    assert not view.following
    before = bar.value()
    rows.put(51, 500)
    assert bar.value() == before


def test_a_window_that_gets_lower_keeps_the_end_or_what_is_read(view: Heights) -> None:
    view.scroll_to_end()
    view.resize(300, 120)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    scroll_to(view, 500)
    before = top_of(view, 15)
    view.resize(300, 180)
    assert top_of(view, 15) == before


def test_measured_again_it_shows_the_same_part_of_the_same_row(view: Heights, rows: Rows) -> None:
    scroll_to(view, ABOVE + 20 * 40 + 20)
    rows.heights = [height * 3 for height in rows.heights]
    view.remeasure()
    assert is_whole(view, rows)
    assert top_of(view, 20) == -60
    view.scroll_to_end()
    view.remeasure()
    assert view.following


def test_a_point_is_in_the_row_that_is_seen_there(view: Heights) -> None:
    scroll_to(view, 400)
    for place in view.visible_positions:
        rect = view.visualRect(view.model().index(place, 0))
        assert view.indexAt(rect.center()).row() == place
    scroll_to(view, 0)
    assert not view.indexAt(QPoint(10, 2)).isValid()


@pytest.mark.parametrize(
    ("key", "start", "reached"),
    [
        (Qt.Key.Key_Up, 10, 9),
        (Qt.Key.Key_Down, 10, 11),
        (Qt.Key.Key_Home, 10, 0),
        (Qt.Key.Key_End, 10, 49),
        (Qt.Key.Key_PageUp, 10, 5),
        (Qt.Key.Key_PageDown, 10, 15),
        (Qt.Key.Key_Up, 0, 0),
        (Qt.Key.Key_Down, 49, 49),
        (Qt.Key.Key_Home, None, 0),
        (Qt.Key.Key_Up, None, 49),
    ],
)
def test_keys_move_from_row_to_row(view: Heights, qtbot: QtBot, key: Qt.Key, start: int | None, reached: int) -> None:
    if start is not None:
        view.setCurrentIndex(view.model().index(25, 0))
        view.setCurrentIndex(view.model().index(start, 0))
    else:
        view.selectionModel().clearCurrentIndex()
    qtbot.keyClick(view, key)
    assert view.currentIndex().row() == reached
    rect = view.visualRect(view.currentIndex())
    assert view.viewport().rect().contains(rect)


def test_a_row_higher_than_the_window_is_read_to_its_end_by_keys(view: Heights, rows: Rows, qtbot: QtBot) -> None:
    rows.change(11, 700)
    view.setCurrentIndex(rows.index(10, 0))
    tops = []
    while view.currentIndex().row() < 12:
        qtbot.keyClick(view, Qt.Key.Key_Down)
        tops.append(top_of(view, 11))
    assert tops[0] >= 0
    assert all(before - after <= 160 for before, after in pairwise(tops))
    while view.currentIndex().row() > 10:
        qtbot.keyClick(view, Qt.Key.Key_Up)
    assert len(tops) > 4


def test_without_rows_keys_and_points_do_no_harm(qtbot: QtBot) -> None:
    view = Heights()
    qtbot.addWidget(view)
    view.setModel(Rows([]))
    view.show()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_PageDown):
        qtbot.keyClick(view, key)
    assert not view.currentIndex().isValid()
    assert list(view.visible_positions) == []
    assert view.following
    view.remeasure()


def test_a_rectangle_chooses_the_rows_it_touches(view: Heights) -> None:
    scroll_to(view, 0)
    view.setSelection(QRect(0, ABOVE + 45, 10, 80), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert [index.row() for index in view.selectedIndexes()] == [1, 2, 3]
    region = view.visualRegionForSelection(view.selectionModel().selection())
    assert region.boundingRect() == QRect(0, ABOVE + 40, view.viewport().width(), 120)


def test_what_covers_the_window_already_is_not_scrolled_to(view: Heights, rows: Rows) -> None:
    rows.change(5, 1000)
    scroll_to(view, 500)
    view.scrollTo(rows.index(5, 0), QListView.ScrollHint.EnsureVisible)
    assert view.verticalScrollBar().value() == 500


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_PageDown])
def test_scrolling_by_keys_repaints(view: Heights, rows: Rows, qtbot: QtBot, key: Qt.Key) -> None:
    view.setCurrentIndex(rows.index(view.visible_positions[-1]))
    qtbot.waitUntil(lambda: view.viewport().rect() in view.painted)
    QApplication.processEvents()
    view.painted.clear()
    before = view.verticalScrollBar().value()
    qtbot.keyClick(view, key)
    assert view.verticalScrollBar().value() > before
    qtbot.waitUntil(lambda: view.viewport().rect() in view.painted)


def test_scrolling_by_code_repaints(view: Heights, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.viewport().rect() in view.painted)
    QApplication.processEvents()
    view.painted.clear()
    view.scroll_to_end()
    qtbot.waitUntil(lambda: view.viewport().rect() in view.painted)
