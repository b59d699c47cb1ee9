"""The line that says which network is searched."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.start.searched_networks import SearchedNetworks
from chatdesk.discovery.networks import Network, NetworkKind
from tests.desktop.inspection import HOSTILE, texts


def network(name: str = "", kind: NetworkKind = NetworkKind.WIFI) -> Network:
    return Network("wlan0", kind, name, ("192.168.4.9",), (24,))


@pytest.fixture
def line(qtbot: QtBot, theme: Theme) -> SearchedNetworks:
    made = SearchedNetworks(theme)
    qtbot.addWidget(made)
    made.show_networks([network("Workshop-5G")])
    made.show()
    return made


def dots(line: SearchedNetworks) -> QImage:
    return line.grab().toImage()


@pytest.mark.parametrize(
    ("networks", "says"),
    [
        ([network("Workshop-5G"), network("other")], "Looking on Workshop-5G"),
        ([network()], "Looking on this Wi-Fi"),
        ([network(kind=NetworkKind.ETHERNET)], "Looking on this network"),
        ([network(HOSTILE)], "Looking on <b>bold</b><img src=x> evil & <table>"),
        ([], "No network"),
    ],
)
def test_it_says_where(line: SearchedNetworks, networks: list[Network], says: str) -> None:
    line.show_networks(networks)
    assert texts(line) == [says]


def test_the_dots_move_while_there_is_a_network(line: SearchedNetworks, qtbot: QtBot) -> None:
    first = dots(line)
    qtbot.waitUntil(lambda: dots(line) != first)
    line.show_networks([])
    assert not line._dots.isVisible()
    assert not line._dots._timer.isActive()


def test_with_less_motion_the_dots_stand_still(
    line: SearchedNetworks, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    first = dots(line)
    with qtbot.waitSignals([line._dots._timer.timeout] * 2):
        pass
    assert dots(line) == first
