"""Between messages: a new day, and who came and went."""

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.models.rows import Comings, Day
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.row_layout import AnotherDay, Page, Toggle
from chatdesk.desktop.widgets.timeline.separators import comings_height, line_height
from tests.desktop.looking import HOSTILE
from tests.desktop.widgets.timeline.rows import hits, ink, picture


@pytest.fixture
def page(qapp: QApplication) -> Page:
    return Page(Theme(qapp, "light"), 800)


def comings(*names: str) -> Comings:
    made = Comings()
    made.add(names, [])
    return made


def test_a_day_begins_at_the_edge_and_its_line_ends_at_the_right(page: Page) -> None:
    left, top, right, bottom = ink(picture(page, Day(date(2026, 11, 24))), page.theme.color("surface"))
    assert abs(left - page.text) <= 2
    assert right == page.right - 1
    assert top >= 0
    assert bottom <= line_height(page)
    (hit, point), *others = hits(page, Day(date(2026, 11, 24))).items()
    assert (hit, others) == (AnotherDay(), [])
    assert point.x() >= page.text


def test_up_to_three_discs_stand_in_the_gutter(page: Page) -> None:
    for names in (["a"], ["a", "b", "c"], list("abcdefg")):
        gutter = picture(page, comings(*names)).copy(0, 0, page.text, 60)
        left, _, right, _ = ink(gutter, page.theme.color("surface"))
        assert (left + right + 1) / 2 == page.side + page.avatar / 2
        assert right + 1 - left == 14 + 9 * (min(3, len(names)) - 1)


def test_a_short_line_does_not_open_and_a_long_one_does(page: Page) -> None:
    assert hits(page, comings("a", "b", "c")) == {}
    assert list(hits(page, comings("a", "b", "c", "d"))) == [Toggle()]


def test_opened_it_is_higher_and_its_arrow_points_up(page: Page) -> None:
    closed, opened = comings("a", "b", "c", "d"), comings("a", "b", "c", "d")
    opened.left.add("e")
    opened.open = True
    assert comings_height(page, opened) == comings_height(page, closed) + page.theme.line("label")
    assert picture(page, closed) != picture(page, opened)


@pytest.mark.parametrize("width", [300, 800])
def test_names_of_any_kind_stay_within_the_page(page: Page, width: int) -> None:
    narrow = Page(page.theme, width)
    row = comings(HOSTILE, "W" * 32, "نور", "M" * 32)
    row.open = True
    _, top, right, bottom = ink(picture(narrow, row), page.theme.color("surface"))
    assert top >= 0
    assert right <= narrow.right
    assert bottom <= comings_height(narrow, row)
