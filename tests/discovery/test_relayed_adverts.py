"""Relayed adverts are assembled, bounded, and lead only to where a reflector might relay from."""

import struct
from collections.abc import Iterator

import pytest
from zeroconf import DNSIncoming  # type: ignore[attr-defined]

from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.discovery.relayed_adverts import RelayedAdvert, RelayedAdverts, may_be_queried
from tests.discovery.test_chat_browser import advert

OWN = (
    Network("eth0", NetworkKind.ETHERNET, "", ("10.77.2.3", "2001:470:1:2::3", "fd77:2::3"), (24, 64, 64)),
    Network("eth1", NetworkKind.ETHERNET, "", ("192.168.4.3",), (22,)),
    Network("eth2", NetworkKind.ETHERNET, "", ("141.20.4.3",), (24,)),
)
REFLECTOR = "10.77.2.1"
TEXT = b"\x04id=a\x14at=10.77.1.2,fd77::2"


def split(packet: bytes) -> Iterator[DNSIncoming]:
    """The records of a packet in packets of their own, in their order."""
    at = 12
    while at < len(packet):
        end = at
        while packet[end]:
            end += 1 + packet[end]
        (length,) = struct.unpack_from("!H", packet, end + 9)
        yield DNSIncoming(struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + packet[at : end + 11 + length])
        at = end + 11 + length


def hear(adverts: RelayedAdverts, address: str, name: str = "chat", port: int = 8080) -> list[RelayedAdvert]:
    packet = advert(name, address, TEXT).replace(b"\0\0\0\0\x1f\x90", b"\0\0\0\0" + port.to_bytes(2))
    return adverts.add_packet(REFLECTOR, DNSIncoming(packet), OWN)


def test_a_relayed_advert_in_one_packet_can_be_queried() -> None:
    ((announcement, endpoints),) = hear(RelayedAdverts(), "10.77.1.2")
    assert endpoints == ("10.77.1.2:8080",)
    assert announcement.endpoint == "10.77.1.2:8080"
    assert announcement.other_endpoints == {"10.77.1.2:8080", "[fd77::2]:8080"}


def test_an_advert_in_parts_is_completed_by_questions() -> None:
    adverts, parts = RelayedAdverts(), list(split(advert("Chat", "10.77.1.2", TEXT)))
    missing = []
    for part in parts[:-1]:
        assert adverts.add_packet(REFLECTOR, part, OWN) == []
        missing.append([question.type for question in adverts.missing_records()])
    assert missing == [[33, 16], [33, 16], [1, 28]]
    assert [relayed.endpoints for relayed in adverts.add_packet(REFLECTOR, parts[-1], OWN)] == [("10.77.1.2:8080",)]
    assert adverts.missing_records() == []


def test_records_of_two_senders_are_not_combined() -> None:
    adverts, parts = RelayedAdverts(), list(split(advert("chat", "10.77.1.2", TEXT)))
    for part in parts[:-1]:
        adverts.add_packet(REFLECTOR, part, OWN)
    assert adverts.add_packet("10.77.2.66", parts[-1], OWN) == []


def test_one_endpoint_of_each_ip_version_is_queried() -> None:
    adverts, sixes = RelayedAdverts(), list(split(advert("chat", "fd77:1::2", TEXT)))
    hear(adverts, "10.77.1.2")
    (relayed,) = adverts.add_packet(REFLECTOR, sixes[-1], OWN)
    assert relayed.endpoints == ("10.77.1.2:8080", "[fd77:1::2]:8080")


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("10.77.1.2", True),
        ("192.168.8.1", True),
        ("fd77:1::2", True),
        ("2001:470:1:7::2", True),
        ("10.77.2.9", False),
        ("192.168.7.9", False),
        ("fd77:2::9", False),
        ("2001:470:1:2::9", False),
        ("2001:470:2::9", False),
        ("141.20.9.9", True),
        ("141.20.4.9", False),
        ("141.21.9.9", False),
        ("8.8.8.8", False),
        ("127.0.0.1", False),
        ("169.254.1.1", False),
        ("224.0.0.251", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fe80::1", False),
        ("ff02::fb", False),
    ],
)
def test_it_leads_neither_to_neighbours_nor_out_into_the_world(address: str, may: bool) -> None:
    assert may_be_queried(address, OWN) is may
    assert bool(hear(RelayedAdverts(), address)) is may


@pytest.mark.parametrize("port", [9100, 9107, 22, 631, 0])
def test_it_leads_to_no_printer_and_to_no_service_of_the_system(port: int) -> None:
    assert hear(RelayedAdverts(), "10.77.1.2", port=port) == []


def test_a_direct_advert_is_not_a_relayed_one() -> None:
    assert RelayedAdverts().add_packet("10.77.1.2", DNSIncoming(advert("chat", "10.77.1.2", TEXT)), OWN) == []


def test_a_goodbye_is_forgotten() -> None:
    adverts, packet = RelayedAdverts(), advert("chat", "10.77.1.2", TEXT)
    pointer, *rest = split(packet.replace((120).to_bytes(4), bytes(4)))
    hear(adverts, "10.77.1.2")
    assert adverts.add_packet(REFLECTOR, pointer, OWN) == []
    assert all(adverts.add_packet(REFLECTOR, part, OWN) == [] for part in rest)
    assert adverts.missing_records() == []


def test_records_and_questions_are_bounded() -> None:
    adverts = RelayedAdverts()
    for place in range(20):
        for number in range(100):
            pointer = next(split(advert(f"c{number}", "10.77.1.2", TEXT)))
            adverts.add_packet(f"10.77.2.{place}", pointer, OWN)
    assert len(adverts.missing_records()) == 16
    assert [len(chats) for chats in adverts._by_sender.values()] == [64] * 8
