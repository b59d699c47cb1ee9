"""The foot of a way in: one row where there is room for it, more elsewhere."""

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button
from chatdesk.desktop.widgets.way_in_foot import WayInFoot
from tests.desktop.looking import clipped, texts


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize(("width", "rows"), [(728, 1), (480, 1), (360, 2), (200, 3)])
def test_it_takes_the_rows_that_it_needs(qtbot: QtBot, theme: Theme, scale: float, width: int, rows: int) -> None:
    theme.set_scale(scale)
    foot = WayInFoot(theme, Button(theme, "Save picture", size="normal"))
    qtbot.addWidget(foot)
    width = theme.px(width)
    height = foot.fit(width)
    button = foot.other.sizeHint().height()
    assert rows - 1 <= (height - button) / (theme.px(28) + 10) <= rows
    foot.resize(width, height)
    foot.show()
    qtbot.waitUntil(lambda: clipped(foot) == [])
    assert ("Nobody appears?" in texts(foot)) is (width != theme.px(480) and width != theme.px(200))
