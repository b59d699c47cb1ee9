"""The section with the room, shown while people have a column of their own."""

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.room_section import RoomSection
from tests.desktop.inspection import HOSTILE, clipped, texts


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_the_room_is_a_selected_row(qtbot: QtBot, theme: Theme, name: str, scale: float) -> None:
    theme.choose(name)
    theme.set_scale(scale)
    section = RoomSection(theme)
    qtbot.addWidget(section)
    section.set_room(HOSTILE)
    section.resize(279, 600)
    section.show()
    assert texts(section) == ["Room", HOSTILE]
    assert clipped(section) == []
    image = section.grab().toImage()
    selected = [y for y in range(600) if image.pixelColor(140, y) == theme.color("surface-selected")]
    first, last = 10 + theme.px(28), 10 + theme.px(28) + theme.px(32) - 1
    assert first <= min(selected) <= first + 1
    assert last - 1 <= max(selected) <= last
