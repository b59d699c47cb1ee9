"""The invitation as texts: what exists is shown and can be copied, all else is hidden."""

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.desktop.text import NO_NETWORK
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.invite.invitation_details import InvitationDetails, NoNetwork
from tests.desktop.inspection import clipped, texts
from tests.desktop.invitations import AT_CABLE, AT_LONGEST, AT_WIFI, LOOPBACK, PROXY


@pytest.fixture
def details(qtbot: QtBot, theme: Theme) -> InvitationDetails:
    made = InvitationDetails(theme)
    qtbot.addWidget(made)
    made.set_local_name("robotics-workshop.local")
    made.set_invitations([AT_WIFI, AT_CABLE], AT_WIFI)
    return made


def test_all_ways_to_write_the_address_are_shown(details: InvitationDetails) -> None:
    assert texts(details) == [
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


def test_a_hidden_row_leaves_no_gap(details: InvitationDetails) -> None:
    before = details.heightForWidth(900)
    details.set_local_name("")
    details.set_invitations([AT_LONGEST], AT_LONGEST)
    assert before - details.heightForWidth(900) >= 2 * (16 + 32 + 16)
    details.set_local_name("robotics-workshop.local")
    details.set_invitations([AT_WIFI], AT_WIFI)
    assert details.heightForWidth(900) == before


def test_a_loopback_address_has_no_network(details: InvitationDetails) -> None:
    details.set_invitations([LOOPBACK], LOOPBACK)
    assert not {"Network", "Nobody has come in by this address yet."} & set(texts(details))
    assert not details.network_choice.isVisibleTo(details)


def test_behind_a_proxy_only_its_address_is_shown_and_the_networks_are_offered(details: InvitationDetails) -> None:
    details.set_invitations([PROXY, AT_WIFI], PROXY)
    details.set_reached(False)
    assert texts(details) == [
        "Address, for any browser",
        "https://chat.example.org/chat",
        "WebSocket, for terminals and programs",
        "wss://chat.example.org/chat/ws",
        "Network",
    ]
    assert details.network_choice.accessibleName() == "Network: Proxy chat.example.org"
    details.set_invitations([PROXY], PROXY)
    assert "Network" not in texts(details)


@pytest.mark.parametrize("reached", [True, False])
def test_it_says_whether_others_have_joined(details: InvitationDetails, reached: bool) -> None:
    details.set_reached(reached)
    assert ("Others have reached you at this address." in texts(details)) is reached


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [260, 381, 700])
def test_nothing_is_cut(details: InvitationDetails, theme: Theme, qtbot: QtBot, scale: float, width: int) -> None:
    theme.set_scale(scale)
    details.set_invitations([AT_LONGEST, AT_WIFI], AT_LONGEST)
    details.show()
    details.fit_to_width(width)
    details.resize(width, details.heightForWidth(width))
    qtbot.waitUntil(lambda: clipped(details) == [])


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_without_a_network_it_says_why_and_what_to_do(qtbot: QtBot, theme: Theme, scale: float) -> None:
    theme.set_scale(scale)
    made = NoNetwork(theme)
    qtbot.addWidget(made)
    made.resize(540, 600)
    made.show()
    assert texts(made) == ["No network", NO_NETWORK]
    qtbot.waitUntil(lambda: clipped(made) == [])
