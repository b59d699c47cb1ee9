"""What others have said: name and time, then words on the one edge."""

import pytest
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline import message_row as module
from chatdesk.desktop.widgets.timeline.row_layout import Link, Page, Toggle
from tests.desktop.looking import HOSTILE
from tests.desktop.widgets.timeline.rows import hits, ink, picture, said


@pytest.fixture
def page(qapp: QApplication) -> Page:
    return Page(Theme(qapp, "light"), 800)


def test_the_first_row_of_a_group_has_a_name_above_the_words(page: Page) -> None:
    first, further = module.height(page, said()), module.height(page, said(first=False))
    assert first == page.group_gap + page.theme.line("ui") + page.theme.line("message")
    assert further == page.row_gap + page.theme.line("message")


def test_the_avatar_stands_at_the_side_and_further_rows_begin_at_the_edge(page: Page) -> None:
    ground = page.theme.color("surface")
    assert abs(ink(picture(page, said()), ground)[0] - page.side) <= 1
    assert abs(ink(picture(page, said(first=False)), ground)[0] - page.text) <= 2


def test_pointed_at_a_further_row_tells_its_time_in_the_gutter(page: Page) -> None:
    shown = picture(page, said(first=False), hovered=True)
    left, _, _, _ = ink(shown, page.theme.color("surface"))
    assert left < page.side + page.avatar


def test_all_fits_into_its_height(page: Page) -> None:
    for row in (said(HOSTILE, HOSTILE), said("x" * 500, "W" * 32), said("شكراً", "نور", first=False)):
        _, top, right, bottom = ink(picture(page, row), page.theme.color("surface"))
        assert top >= 0
        assert right <= page.right
        # An avatar may reach below one short line: the next row leaves room for it.
        assert bottom <= max(module.height(page, row), page.group_gap + page.avatar)


def test_a_long_name_is_cut_before_the_time(page: Page) -> None:
    narrow = Page(page.theme, 300)
    assert ink(picture(narrow, said("ok", "W" * 32)), page.theme.color("surface"))[2] <= narrow.right


def test_links_can_be_pointed_at(page: Page) -> None:
    assert list(hits(page, said("see https://example.org"))) == [Link("https://example.org")]
    assert hits(page, said(HOSTILE)) == {}


def test_a_very_long_message_offers_the_rest(page: Page) -> None:
    row = said("x\n" * 4000)
    assert list(hits(page, row)) == [Toggle()]
    assert module.height(page, row) < 1000
