"""What stands where the ways in would be."""

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.desktop.text import NO_NETWORK
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.no_network import NoNetwork
from tests.desktop.looking import clipped, texts


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_it_says_why_and_what_to_do(qtbot: QtBot, theme: Theme, scale: float) -> None:
    theme.set_scale(scale)
    made = NoNetwork(theme)
    qtbot.addWidget(made)
    made.resize(540, 600)
    made.show()
    assert texts(made) == ["No network", NO_NETWORK]
    qtbot.waitUntil(lambda: clipped(made) == [])
