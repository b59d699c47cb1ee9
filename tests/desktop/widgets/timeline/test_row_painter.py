"""Each kind of row is measured, painted and pointed at by its own painter."""

from datetime import date

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.models.rows import Comings, Day, Row, Turnout
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline import message_row as others
from chatdesk.desktop.widgets.timeline import own_message, row_painter, separators
from chatdesk.desktop.widgets.timeline.row_layout import Page
from tests.desktop.widgets.timeline.rows import ink, picture, said, unsent

COMINGS = Comings(Turnout({"Priya": None}))


@pytest.fixture
def page(qapp: QApplication) -> Page:
    return Page(Theme(qapp, "dark"), 800)


def test_heights_are_those_of_the_painters(page: Page) -> None:
    assert row_painter.height(page, said()) == others.height(page, said())
    assert row_painter.height(page, said(own=True)) == own_message.height(page, said(own=True))
    assert row_painter.height(page, unsent()) == own_message.height(page, unsent())
    assert row_painter.height(page, COMINGS) == separators.comings_height(page, COMINGS)
    assert row_painter.height(page, Day(date(2026, 11, 24))) == separators.line_height(page)


@pytest.mark.parametrize("shown", [said(), said(own=True), unsent(), unsent(error="No."), COMINGS, Day(date.max)])
def test_every_kind_is_painted_within_the_page(page: Page, shown: Row) -> None:
    left, top, right, _ = ink(picture(page, shown), page.theme.color("surface"))
    assert 0 <= left < right <= page.right
    assert top >= 0
    assert row_painter.hit(page, shown, QPointF(-1, -1)) is None
