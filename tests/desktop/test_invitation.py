"""Which address is shown to others, while networks change."""

import subprocess
import sys

import pytest

from chatdesk.desktop.invitation import Invitation, Invitations
from chatdesk.discovery.networks import Network, NetworkKind
from tests.desktop.invitations import AT_CABLE, AT_LONGEST, AT_WIFI, CABLE, DOCKER, LOOPBACK, VPN, WIFI, network


def opened(*networks: Network, bind: str = "0.0.0.0") -> Invitations:
    made = Invitations(bind, 8080)
    made.set_networks(networks)
    return made


def shown_address(invitations: Invitations) -> str:
    return invitations.shown.address if invitations.shown else ""


def test_an_entrance_is_said_as_a_url_and_as_a_code() -> None:
    assert (AT_WIFI.url, AT_LONGEST.url) == (
        "http://192.168.4.20:8080",
        "http://[fd00:1234:5678:9abc:def0:1234:5678:9abc]:18080",
    )
    assert AT_WIFI.code.endswith("-20")
    assert AT_LONGEST.code == LOOPBACK.code == ""


def test_the_best_network_is_given_and_the_others_can_be_chosen() -> None:
    invitations = opened(WIFI, CABLE, VPN)
    assert [invitation.address for invitation in invitations.all] == ["192.168.4.20", "10.1.2.3", "10.8.0.2"]
    assert invitations.shown == AT_WIFI
    invitations.choose("eth0")
    assert invitations.shown == AT_CABLE


@pytest.mark.parametrize(
    ("bind", "offered"),
    [
        ("0.0.0.0", ["192.168.4.20", "10.1.2.3"]),
        ("::", ["192.168.4.20", "10.1.2.3"]),
        ("10.1.2.3", ["10.1.2.3"]),
        ("fd00:1234:5678:9abc:def0:1234:5678:9ABC", ["fd00:1234:5678:9abc:def0:1234:5678:9abc"]),
        ("10.9.9.9", []),
        ("127.0.0.1", ["127.0.0.1"]),
        ("::1", ["::1"]),
        ("fe80::1%eth0", ["fe80::1%eth0"]),
    ],
)
def test_only_what_the_server_listens_on_is_offered(bind: str, offered: list[str]) -> None:
    assert [invitation.address for invitation in opened(WIFI, CABLE, bind=bind).all] == offered


def test_in_a_network_of_ipv6_alone_the_address_is_one_of_that() -> None:
    invitations = opened(network("eth0", NetworkKind.ETHERNET, "fd77::2"), bind="::")
    assert invitations.shown
    assert (invitations.shown.url, invitations.shown.code) == ("http://[fd77::2]:8080", "")


def test_without_a_network_there_is_none() -> None:
    invitations = opened()
    assert (invitations.all, invitations.shown) == ((), None)
    invitations.set_networks([WIFI])
    assert invitations.shown == AT_WIFI


def test_when_the_chosen_network_goes_the_best_takes_over_until_it_is_back() -> None:
    invitations = opened(CABLE, WIFI, VPN)
    invitations.choose("tun0")
    for networks, address in [
        ((CABLE, WIFI), "10.1.2.3"),
        ((WIFI,), "192.168.4.20"),
        ((), ""),
        ((CABLE, WIFI), "10.1.2.3"),
        ((CABLE, WIFI, VPN), "10.8.0.2"),
    ]:
        invitations.set_networks(networks)
        assert shown_address(invitations) == address


def test_a_better_network_does_not_take_away_the_address_by_which_people_came() -> None:
    invitations = opened(WIFI)
    invitations.set_networks([CABLE, WIFI])
    assert shown_address(invitations) == "192.168.4.20"
    invitations.set_networks([CABLE])
    assert shown_address(invitations) == "10.1.2.3"


@pytest.mark.parametrize("poor", [VPN, DOCKER, network("eth1", NetworkKind.ETHERNET, "169.254.7.7")])
def test_without_usable_networks_the_first_real_one_is_shown(poor: Network) -> None:
    invitations = opened(poor)
    assert shown_address(invitations) == poor.addresses[0]
    invitations.set_networks([WIFI, poor])
    assert shown_address(invitations) == "192.168.4.20"


def test_a_new_address_of_the_same_network_is_given() -> None:
    invitations = opened(WIFI)
    invitations.set_networks([network("wlan0", NetworkKind.WIFI, "192.168.7.3")])
    assert shown_address(invitations) == "192.168.7.3"


def test_an_address_of_this_computer_alone_never_changes() -> None:
    invitations = opened(bind="127.0.0.1")
    assert (invitations.shown, invitations.can_change) == (Invitation("127.0.0.1", 8080), False)
    invitations.set_networks([WIFI])
    assert shown_address(invitations) == "127.0.0.1"


def test_a_proxy_is_given_before_all_networks_unless_another_is_chosen() -> None:
    made = Invitations("0.0.0.0", 8080, "https://chat.example.org/chat/")
    made.set_networks([WIFI, CABLE])
    assert [invitation.url for invitation in made.all] == [
        "https://chat.example.org/chat/",
        "http://192.168.4.20:8080",
        "http://10.1.2.3:8080",
    ]
    assert (shown_address(made), made.all[0].code, made.all[0].wifi) == ("chat.example.org", "", "")
    assert made.all[0].description() == ("Proxy", "chat.example.org")
    made.choose("wlan0")
    assert shown_address(made) == "192.168.4.20"
    made.choose("")
    made.set_networks([])
    assert shown_address(made) == "chat.example.org"


def test_behind_a_proxy_this_computers_own_address_is_not_offered() -> None:
    made = Invitations("127.0.0.1", 8080, "https://chat.example.org")
    made.set_networks([WIFI])
    assert [invitation.url for invitation in made.all] == ["https://chat.example.org"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://192.168.4.20:8080", "abacus-20"),
        ("http://192.168.4.20", "abacus-20-80"),
        ("https://192.168.4.20:8080", ""),
        ("http://192.168.4.20:8080/chat/", ""),
        ("http://chat.example.org:8080", ""),
        ("http://[fd00::1]:8080", ""),
    ],
)
def test_only_an_address_and_a_port_have_a_code(url: str, code: str) -> None:
    made = Invitations("127.0.0.1", 9000, url)
    made.set_networks([])
    assert made.shown is not None
    assert made.shown.code == (code and code.replace("abacus", AT_WIFI.code.partition("-")[0]))


def test_it_needs_no_qt() -> None:
    code = "import sys, chatdesk.desktop.invitation; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
