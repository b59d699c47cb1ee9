"""Rows between messages: a new day, and who joined or left."""

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.models.rows import DaySeparator, PresenceRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.separators import presence_height, separator_height
from chatdesk.desktop.widgets.timeline.targets import OpenCalendar, Toggle
from tests.desktop.inspection import HOSTILE
from tests.desktop.people import people
from tests.desktop.widgets.timeline.rows import hits, ink, picture


@pytest.fixture
def layout(qapp: QApplication) -> RowLayout:
    return RowLayout(Theme(qapp, "light"), 800)


def joins(*names: str) -> PresenceRow:
    made = PresenceRow()
    made.add(people(*names), [])
    return made


def test_a_day_begins_at_the_edge_and_its_line_ends_at_the_right(layout: RowLayout) -> None:
    left, top, right, bottom = ink(picture(layout, DaySeparator(date(2026, 11, 24))), layout.theme.color("surface"))
    assert abs(left - layout.text_left) <= 2
    assert right == layout.right - 1
    assert top >= 0
    assert bottom <= separator_height(layout)
    (hit, point), *others = hits(layout, DaySeparator(date(2026, 11, 24))).items()
    assert (hit, others) == (OpenCalendar(), [])
    assert point.x() >= layout.text_left


def test_up_to_three_discs_stand_in_the_gutter(layout: RowLayout) -> None:
    for names in (["a"], ["a", "b", "c"], list("abcdefg")):
        gutter = picture(layout, joins(*names)).copy(0, 0, layout.text_left, 60)
        left, _, right, _ = ink(gutter, layout.theme.color("surface"))
        assert (left + right + 1) / 2 == layout.side + layout.avatar / 2
        assert right + 1 - left == 14 + 9 * (min(3, len(names)) - 1)


def test_a_short_line_does_not_open_and_a_long_one_does(layout: RowLayout) -> None:
    assert hits(layout, joins("a", "b", "c")) == {}
    assert list(hits(layout, joins("a", "b", "c", "d"))) == [Toggle()]


def test_opened_it_is_higher_and_its_arrow_points_up(layout: RowLayout) -> None:
    closed, opened = joins("a", "b", "c", "d"), joins("a", "b", "c", "d")
    opened.left.add(*people("e"))
    opened.is_expanded = True
    assert presence_height(layout, opened) == presence_height(layout, closed) + layout.theme.line("label")
    assert picture(layout, closed) != picture(layout, opened)


@pytest.mark.parametrize("width", [300, 800])
def test_names_of_any_kind_stay_within_the_page(layout: RowLayout, width: int) -> None:
    narrow = RowLayout(layout.theme, width)
    row = joins(HOSTILE, "W" * 32, "نور", "M" * 32)
    row.is_expanded = True
    _, top, right, bottom = ink(picture(narrow, row), layout.theme.color("surface"))
    assert top >= 0
    assert right <= narrow.right
    assert bottom <= presence_height(narrow, row)
