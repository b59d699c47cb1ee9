"""Sidebar and centre side by side, or the sidebar as a drawer that keys and clicks close."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.responsive_columns import ResponsiveColumns


class Part(QWidget):
    """A column with something to focus."""

    def __init__(self) -> None:
        super().__init__()
        self.button = QPushButton("Go")
        QVBoxLayout(self).addWidget(self.button)
        self.setFocusProxy(self.button)


@pytest.fixture
def sidebar() -> Part:
    return Part()


@pytest.fixture
def centre() -> Part:
    return Part()


@pytest.fixture
def third() -> Part:
    return Part()


@pytest.fixture
def columns(qtbot: QtBot, theme: Theme, sidebar: Part, centre: Part, third: Part) -> ResponsiveColumns:
    made = ResponsiveColumns(theme, sidebar, centre, third)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def test_they_are_side_by_side_and_share_the_width(columns: ResponsiveColumns, sidebar: Part, centre: Part) -> None:
    assert (sidebar.x(), sidebar.width()) == (0, 280)
    assert (centre.x(), centre.width()) == (280, 920)
    assert sidebar.height() == centre.height() == 800


@pytest.mark.parametrize(("to", "width"), [(300, 300), (100, 232), (900, 360)])
def test_the_line_between_is_dragged_within_bounds(
    columns: ResponsiveColumns, sidebar: Part, centre: Part, qtbot: QtBot, to: int, width: int
) -> None:
    grip = columns.childAt(QPoint(280, 400))
    assert grip.cursor().shape() == Qt.CursorShape.SplitHCursor
    qtbot.mousePress(grip, Qt.MouseButton.LeftButton, pos=QPoint(4, 400))
    qtbot.mouseMove(grip, QPoint(to - grip.x(), 400))
    qtbot.mouseRelease(grip, Qt.MouseButton.LeftButton)
    assert (sidebar.width(), centre.x()) == (width, width)


def test_below_720_the_sidebar_is_a_drawer(columns: ResponsiveColumns, sidebar: Part, centre: Part) -> None:
    told: list[bool] = []
    columns.narrowed.connect(told.append)
    columns.resize(720, 800)
    assert sidebar.isVisible()
    columns.resize(719, 800)
    assert not sidebar.isVisible()
    assert (centre.x(), centre.width()) == (0, 719)
    columns.resize(900, 800)
    assert sidebar.isVisible()
    assert told == [True, False]


def test_large_text_makes_a_drawer_earlier(
    columns: ResponsiveColumns, theme: Theme, sidebar: Part, centre: Part
) -> None:
    columns.resize(900, 800)
    theme.set_scale(2.0)
    assert not sidebar.isVisible()
    assert centre.width() == 900
    theme.set_scale(1.0)
    assert sidebar.isVisible()


@pytest.mark.parametrize("way_out", ["escape", "scrim"])
def test_the_drawer_takes_the_focus_and_gives_it_back(
    columns: ResponsiveColumns, sidebar: Part, centre: Part, qtbot: QtBot, way_out: str
) -> None:
    columns.resize(640, 480)
    columns.open_drawer()
    assert sidebar.isVisible()
    assert sidebar.button.hasFocus()
    assert columns.childAt(QPoint(100, 100)) in (sidebar, sidebar.button)
    if way_out == "escape":
        qtbot.keyClick(sidebar.button, Qt.Key.Key_Escape)
    else:
        qtbot.mouseClick(columns.childAt(QPoint(600, 400)), Qt.MouseButton.LeftButton)
    assert not sidebar.isVisible()
    assert centre.button.hasFocus()
    assert columns.childAt(QPoint(600, 20)) in (centre, centre.button)


def test_where_there_is_room_no_drawer_opens(columns: ResponsiveColumns, sidebar: Part, centre: Part) -> None:
    centre.setFocus()
    columns.open_drawer()
    assert centre.button.hasFocus()
    columns.resize(640, 480)
    columns.open_drawer()
    columns.resize(1200, 800)
    assert columns.childAt(QPoint(900, 400)) in (centre, centre.button)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_in_the_smallest_window_there_is_room_to_click_beside_the_drawer(
    columns: ResponsiveColumns, theme: Theme, sidebar: Part, scale: float
) -> None:
    theme.set_scale(scale)
    columns.resize(640, 480)
    columns.open_drawer()
    assert sidebar.width() <= 640 - 56


@pytest.mark.parametrize(("scale", "start"), [(1.0, 1280), (1.4, 1792)])
def test_the_third_column_is_shown_in_a_wide_window(
    columns: ResponsiveColumns, theme: Theme, centre: Part, third: Part, scale: float, start: int
) -> None:
    theme.set_scale(scale)
    told: list[bool] = []
    columns.widened.connect(told.append)
    for width in (start - 1, start, start + 200, start - 1):
        columns.resize(width, 800)
        assert third.isVisible() == (width >= start)
        end = centre.x() + centre.width()
        assert end == width - (theme.px(240) if third.isVisible() else 0)
    assert told == [True, False]
