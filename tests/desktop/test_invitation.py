"""Which address people are given, while networks come and go."""

import subprocess
import sys

import pytest

from chatdesk.desktop.invitation import Entrance, Entrances
from chatdesk.discovery.networks import Kind, Network
from tests.desktop.invitations import ALONE, AT_CABLE, AT_LONGEST, AT_WIFI, CABLE, DOCKER, VPN, WIFI, network


def opened(*networks: Network, bind: str = "0.0.0.0") -> Entrances:
    made = Entrances(bind, 8080)
    made.take(networks)
    return made


def given(entrances: Entrances) -> str:
    return entrances.shown.address if entrances.shown else ""


def test_an_entrance_is_said_as_a_url_and_as_a_code() -> None:
    assert (AT_WIFI.url, AT_LONGEST.url) == (
        "http://192.168.4.20:8080",
        "http://[fd00:1234:5678:9abc:def0:1234:5678:9abc]:18080",
    )
    assert AT_WIFI.code.endswith("-20")
    assert AT_LONGEST.code == ALONE.code == ""


def test_the_best_network_is_given_and_the_others_can_be_chosen() -> None:
    entrances = opened(WIFI, CABLE, VPN)
    assert [entrance.address for entrance in entrances.all] == ["192.168.4.20", "10.1.2.3", "10.8.0.2"]
    assert entrances.shown == AT_WIFI
    entrances.choose("eth0")
    assert entrances.shown == AT_CABLE


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
    assert [entrance.address for entrance in opened(WIFI, CABLE, bind=bind).all] == offered


def test_in_a_network_of_ipv6_alone_the_address_is_one_of_that() -> None:
    entrances = opened(network("eth0", Kind.ETHERNET, "fd77::2"), bind="::")
    assert entrances.shown
    assert (entrances.shown.url, entrances.shown.code) == ("http://[fd77::2]:8080", "")


def test_without_a_network_there_is_none() -> None:
    entrances = opened()
    assert (entrances.all, entrances.shown) == ((), None)
    entrances.take([WIFI])
    assert entrances.shown == AT_WIFI


def test_when_the_chosen_network_goes_the_best_takes_over_until_it_is_back() -> None:
    entrances = opened(CABLE, WIFI, VPN)
    entrances.choose("tun0")
    for networks, address in [
        ((CABLE, WIFI), "10.1.2.3"),
        ((WIFI,), "192.168.4.20"),
        ((), ""),
        ((CABLE, WIFI), "10.1.2.3"),
        ((CABLE, WIFI, VPN), "10.8.0.2"),
    ]:
        entrances.take(networks)
        assert given(entrances) == address


def test_a_better_network_does_not_take_away_the_address_by_which_people_came() -> None:
    entrances = opened(WIFI)
    entrances.take([CABLE, WIFI])
    assert given(entrances) == "192.168.4.20"
    entrances.take([CABLE])
    assert given(entrances) == "10.1.2.3"


@pytest.mark.parametrize("poor", [VPN, DOCKER, network("eth1", Kind.ETHERNET, "169.254.7.7")])
def test_where_nobody_could_come_in_the_first_real_network_is_given(poor: Network) -> None:
    entrances = opened(poor)
    assert given(entrances) == poor.addresses[0]
    entrances.take([WIFI, poor])
    assert given(entrances) == "192.168.4.20"


def test_a_new_address_of_the_same_network_is_given() -> None:
    entrances = opened(WIFI)
    entrances.take([network("wlan0", Kind.WIFI, "192.168.7.3")])
    assert given(entrances) == "192.168.7.3"


def test_an_address_of_this_computer_alone_never_changes() -> None:
    entrances = opened(bind="127.0.0.1")
    assert (entrances.shown, entrances.can_change) == (Entrance("127.0.0.1", 8080), False)
    entrances.take([WIFI])
    assert given(entrances) == "127.0.0.1"


def test_a_proxy_is_given_before_all_networks_unless_another_is_chosen() -> None:
    made = Entrances("0.0.0.0", 8080, "https://chat.example.org/chat/")
    made.take([WIFI, CABLE])
    assert [entrance.url for entrance in made.all] == [
        "https://chat.example.org/chat/",
        "http://192.168.4.20:8080",
        "http://10.1.2.3:8080",
    ]
    assert (given(made), made.all[0].code, made.all[0].wifi) == ("chat.example.org", "", "")
    assert made.all[0].described() == ("Proxy", "chat.example.org")
    made.choose("wlan0")
    assert given(made) == "192.168.4.20"
    made.choose("")
    made.take([])
    assert given(made) == "chat.example.org"


def test_behind_a_proxy_this_computers_own_address_is_nobodys_way_in() -> None:
    made = Entrances("127.0.0.1", 8080, "https://chat.example.org")
    made.take([WIFI])
    assert [entrance.url for entrance in made.all] == ["https://chat.example.org"]


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
    made = Entrances("127.0.0.1", 9000, url)
    made.take([])
    assert made.shown is not None
    assert made.shown.code == (code and code.replace("abacus", AT_WIFI.code.partition("-")[0]))


def test_it_needs_no_qt() -> None:
    code = "import sys, chatdesk.desktop.invitation; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
