"""Messages by others: name and time, then the text at the common left edge."""

from dataclasses import replace

import pytest
from msgspec import structs
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline import message_row as module
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.targets import Link, Toggle
from tests.desktop.inspection import HOSTILE
from tests.desktop.widgets.timeline.rows import hits, ink, picture, said


@pytest.fixture
def layout(qapp: QApplication) -> RowLayout:
    return RowLayout(Theme(qapp, "light"), 800)


def test_the_first_row_of_a_group_has_a_name_above_the_words(layout: RowLayout) -> None:
    first, further = module.height(layout, said()), module.height(layout, said(first=False))
    assert first == layout.group_gap + layout.theme.line("ui") + layout.theme.line("message")
    assert further == layout.row_gap + layout.theme.line("message")


def test_the_avatar_stands_at_the_side_and_further_rows_begin_at_the_edge(layout: RowLayout) -> None:
    ground = layout.theme.color("surface")
    assert abs(ink(picture(layout, said()), ground)[0] - layout.side) <= 1
    assert abs(ink(picture(layout, said(first=False)), ground)[0] - layout.text_left) <= 2


def test_people_of_one_name_have_two_colours_and_one_person_has_one_under_any_name(layout: RowLayout) -> None:
    def colour(nickname: str, author: str) -> QColor:
        row = said(nickname=nickname)
        image = picture(layout, replace(row, message=structs.replace(row.message, author=author)))
        return image.pixelColor(layout.side + 5, layout.group_gap + layout.avatar // 2)

    assert colour("Kit", "foobar") == colour("Mara", "foobar") != colour("Kit", "b")


def test_pointed_at_a_further_row_tells_its_time_in_the_gutter(layout: RowLayout) -> None:
    shown = picture(layout, said(first=False), hovered=True)
    left, _, _, _ = ink(shown, layout.theme.color("surface"))
    assert left < layout.side + layout.avatar


def test_all_fits_into_its_height(layout: RowLayout) -> None:
    for row in (said(HOSTILE, HOSTILE), said("x" * 500, "W" * 32), said("شكراً", "نور", first=False)):
        _, top, right, bottom = ink(picture(layout, row), layout.theme.color("surface"))
        assert top >= 0
        assert right <= layout.right
        # An avatar may reach below one short line: the next row leaves room for it.
        assert bottom <= max(module.height(layout, row), layout.group_gap + layout.avatar)


def test_a_long_name_is_cut_before_the_time(layout: RowLayout) -> None:
    narrow = RowLayout(layout.theme, 300)
    assert ink(picture(narrow, said("ok", "W" * 32)), layout.theme.color("surface"))[2] <= narrow.right


def test_links_can_be_pointed_at(layout: RowLayout) -> None:
    assert list(hits(layout, said("see https://example.org"))) == [Link("https://example.org")]
    assert hits(layout, said(HOSTILE)) == {}


def test_a_very_long_message_offers_the_rest(layout: RowLayout) -> None:
    row = said("x\n" * 4000)
    assert list(hits(layout, row)) == [Toggle()]
    assert module.height(layout, row) < 1000
