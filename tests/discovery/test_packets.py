"""A packet counts for its sender alone, and only what can be serialized again is passed on."""

import pytest
from zeroconf import DNSIncoming  # type: ignore[attr-defined]

from chatdesk.discovery.packets import announcements_from, has_goodbye, has_valid_names
from tests.discovery.test_chat_browser import advert

TEXT = b"\x04id=a\x16at=10.0.0.2,10.0.0.66"


def heard(address: str, text: bytes = TEXT, port: int = 8080) -> DNSIncoming:
    packet = advert("chat", address, text)
    return DNSIncoming(packet.replace(b"\0\0\0\0\x1f\x90", b"\0\0\0\0" + port.to_bytes(2)))


def test_a_machine_speaks_for_itself_alone() -> None:
    (said,) = announcements_from("10.0.0.66", heard("10.0.0.66"))
    assert (said.endpoint, said.other_endpoints) == ("10.0.0.66:8080", {"10.0.0.2:8080", "10.0.0.66:8080"})
    assert announcements_from("10.0.0.66", heard("10.0.0.91")) == []
    assert announcements_from("fd00::66", heard("fd00::66"))[0].endpoint == "[fd00::66]:8080"


@pytest.mark.parametrize(("port", "number"), [(0, 0), (22, 0), (80, 1), (443, 1), (631, 0), (1024, 1)])
def test_a_chat_has_no_port_of_the_systems_own_services(port: int, number: int) -> None:
    assert len(announcements_from("10.0.0.66", heard("10.0.0.66", port=port))) == number


def test_an_advert_without_an_id_is_no_chat() -> None:
    assert announcements_from("10.0.0.66", heard("10.0.0.66", b"\x03id=")) == []


def test_a_goodbye_is_distinguished_from_an_advert() -> None:
    packet = advert("chat", "10.0.0.66", TEXT)
    assert not has_goodbye(DNSIncoming(packet))
    assert has_goodbye(DNSIncoming(packet.replace((120).to_bytes(4), bytes(4))))


@pytest.mark.parametrize(("letter", "repeatable"), [(b"x", True), (b"\xff", False)])
def test_a_name_that_cannot_be_serialized_again_is_dropped(letter: bytes, repeatable: bool) -> None:
    assert has_valid_names(DNSIncoming(poison(letter))) is repeatable


def poison(letter: bytes = b"\xff") -> bytes:
    """A pointer to a name that is read as one three times as long."""
    end = b"\x09_chatdesk\x04_tcp\x05local\0"
    label = b"\x28" + letter * 40 + end
    return b"\0\0\x84\0\0\0\0\1\0\0\0\0" + end + b"\0\x0c\0\1\0\0\x11\x94" + len(label).to_bytes(2) + label
