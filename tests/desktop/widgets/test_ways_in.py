"""The ways in as texts: what there is, each to be copied, and nothing else."""

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.ways_in import WaysIn
from tests.desktop.entrances import ALONE, AT_CABLE, AT_LONGEST, AT_WIFI, PROXY
from tests.desktop.looking import clipped, texts


@pytest.fixture
def ways(qtbot: QtBot, theme: Theme) -> WaysIn:
    made = WaysIn(theme)
    qtbot.addWidget(made)
    made.set_local_name("robotics-workshop.local")
    made.set_entrances([AT_WIFI, AT_CABLE], AT_WIFI)
    return made


def test_all_of_them_are_said(ways: WaysIn) -> None:
    assert texts(ways) == [
        "Address, for any browser",
        "192.168.4.20:8080",
        "Short code, for the app",
        AT_WIFI.code,
        "Name, where the network knows names",
        "robotics-workshop.local:8080",
        "WebSocket, for terminals and programs",
        "ws://192.168.4.20:8080/ws",
        "Network",
        "Nobody has come in by this address yet.",
    ]


def test_no_gap_is_left_where_there_is_nothing(ways: WaysIn) -> None:
    before = ways.heightForWidth(900)
    ways.set_local_name("")
    ways.set_entrances([AT_LONGEST], AT_LONGEST)
    assert before - ways.heightForWidth(900) >= 2 * (16 + 32 + 16)
    ways.set_local_name("robotics-workshop.local")
    ways.set_entrances([AT_WIFI], AT_WIFI)
    assert ways.heightForWidth(900) == before


def test_an_address_of_this_computer_alone_has_no_network(ways: WaysIn) -> None:
    ways.set_entrances([ALONE], ALONE)
    assert not {"Network", "Nobody has come in by this address yet."} & set(texts(ways))
    assert not ways.network.isVisibleTo(ways)


def test_behind_a_proxy_only_its_address_is_said_and_the_networks_are_offered(ways: WaysIn) -> None:
    ways.set_entrances([PROXY, AT_WIFI], PROXY)
    ways.set_reached(False)
    assert texts(ways) == [
        "Address, for any browser",
        "https://chat.example.org/chat",
        "WebSocket, for terminals and programs",
        "wss://chat.example.org/chat/ws",
        "Network",
    ]
    assert ways.network.accessibleName() == "Network: Proxy chat.example.org"
    ways.set_entrances([PROXY], PROXY)
    assert "Network" not in texts(ways)


@pytest.mark.parametrize("reached", [True, False])
def test_it_says_whether_others_have_come_in(ways: WaysIn, reached: bool) -> None:
    ways.set_reached(reached)
    assert ("Others have reached you at this address." in texts(ways)) is reached


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [260, 381, 700])
def test_nothing_is_cut(ways: WaysIn, theme: Theme, qtbot: QtBot, scale: float, width: int) -> None:
    theme.set_scale(scale)
    ways.set_entrances([AT_LONGEST, AT_WIFI], AT_LONGEST)
    ways.show()
    ways.fit(width)
    ways.resize(width, ways.heightForWidth(width))
    qtbot.waitUntil(lambda: clipped(ways) == [])
