"""Each kind of row is measured, painted and pointed at by its own painter."""

from datetime import date

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.models.rows import DaySeparator, PresenceRow, Row
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline import message_row as others
from chatdesk.desktop.widgets.timeline import own_message, row_painter, separators
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from tests.desktop.people import tally
from tests.desktop.widgets.timeline.rows import ink, picture, said, unsent

COMINGS = PresenceRow(tally("Priya"))


@pytest.fixture
def layout(qapp: QApplication) -> RowLayout:
    return RowLayout(Theme(qapp, "dark"), 800)


def test_heights_are_those_of_the_painters(layout: RowLayout) -> None:
    assert row_painter.height(layout, said()) == others.height(layout, said())
    assert row_painter.height(layout, said(own=True)) == own_message.height(layout, said(own=True))
    assert row_painter.height(layout, unsent()) == own_message.height(layout, unsent())
    assert row_painter.height(layout, COMINGS) == separators.presence_height(layout, COMINGS)
    assert row_painter.height(layout, DaySeparator(date(2026, 11, 24))) == separators.separator_height(layout)


@pytest.mark.parametrize(
    "shown", [said(), said(own=True), unsent(), unsent(error="No."), COMINGS, DaySeparator(date.max)]
)
def test_every_kind_is_painted_within_the_page(layout: RowLayout, shown: Row) -> None:
    left, top, right, _ = ink(picture(layout, shown), layout.theme.color("surface"))
    assert 0 <= left < right <= layout.right
    assert top >= 0
    assert row_painter.target_at(layout, shown, QPointF(-1, -1)) is None
