"""The address that is given to others is one by which they can reach this machine."""

import ipaddress
import socket

import pytest

from chatdesk.discovery import addresses
from chatdesk.discovery.networks import Network, NetworkKind
from tests.netns import Networks, inside


def test_loopback_is_among_the_own_addresses_and_all_of_them_are_addresses() -> None:
    own = addresses.own_addresses()
    assert "127.0.0.1" in own
    for text in own:
        ipaddress.ip_address(text)


def test_the_reachable_address_is_one_of_this_machines() -> None:
    with socket.socket() as probe:
        probe.bind((addresses.shown_address("0.0.0.0"), 0))


def test_it_is_the_best_networks_first_of_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    networks = [
        Network("wlan0", NetworkKind.WIFI, "", ("fd00::2", "fd00::3"), (64, 64)),
        Network("eth0", NetworkKind.ETHERNET, "", ("192.168.4.20", "10.0.0.1"), (24, 8)),
    ]
    monkeypatch.setattr(addresses, "own_networks", lambda: networks)
    assert addresses.shown_address("0.0.0.0") == "192.168.4.20"
    assert addresses.shown_address("::") == "fd00::2"


@pytest.mark.parametrize(
    ("bind", "loopback"), [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("10.0.0.1", "10.0.0.1"), ("::1", "::1")]
)
def test_this_machine_itself_comes_in_by_the_loopback(bind: str, loopback: str) -> None:
    assert addresses.loopback_address(bind) == loopback


def test_without_ipv4_it_comes_in_by_the_other_one() -> None:
    with Networks() as networks:
        machine = networks.machine()
        machine.run(["ip", "address", "del", "127.0.0.1/8", "dev", "lo"])
        with inside(machine):
            assert addresses.loopback_address("::") == "::1"


def test_without_a_network_there_is_still_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "own_networks", list)
    assert addresses.shown_address("0.0.0.0") == "127.0.0.1"
    assert addresses.shown_address("::") == "127.0.0.1"


@pytest.mark.parametrize("bind", ["127.0.0.1", "192.168.4.20", "::1"])
def test_a_server_bound_to_one_address_shows_that_one(bind: str) -> None:
    assert addresses.shown_address(bind) == bind


@pytest.mark.parametrize(
    ("address", "url"), [("192.168.4.20", "http://192.168.4.20:8080"), ("fe80::1", "http://[fe80::1]:8080")]
)
def test_a_browser_gets_an_address_it_can_open(address: str, url: str) -> None:
    assert addresses.web_url(address, 8080) == url
