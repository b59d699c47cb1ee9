"""The sidebar: only a host has the address card; a hairline separates it from the centre."""

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.sidebar import Sidebar


@pytest.mark.parametrize("hosting", [True, False])
def test_only_a_host_has_the_address_card(qtbot: QtBot, theme: Theme, hosting: bool) -> None:
    sidebar = Sidebar(theme, PeopleModel(), hosting=hosting)
    qtbot.addWidget(sidebar)
    sidebar.resize(280, 800)
    sidebar.show()
    assert sidebar.address_card.isVisible() is hosting
    parts = [sidebar.header, *([sidebar.address_card] if hosting else []), sidebar.people_panel, sidebar.user_bar]
    tops = [part.y() for part in parts]
    assert tops == sorted(tops)
    assert sidebar.user_bar.geometry().bottom() == sidebar.height() - 1


def test_its_edge_is_a_hairline_in_every_theme(qtbot: QtBot, theme: Theme) -> None:
    sidebar = Sidebar(theme, PeopleModel(), hosting=True)
    qtbot.addWidget(sidebar)
    sidebar.resize(280, 800)
    for name in ("light", "dark", "high-contrast"):
        theme.choose(name)
        shown = sidebar.grab().toImage()
        assert shown.pixelColor(279, 400) == theme.color("border")
        assert shown.pixelColor(5, 400) == theme.color("background")
