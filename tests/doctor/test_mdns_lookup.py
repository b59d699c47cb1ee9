"""Queries to the network, and answers, which may be anything."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.discovery.networks import own_networks
from chatdesk.doctor.mdns_lookup import build_query, lookup_mdns, parse_addresses
from tests.discovery.chat_programs import serve
from tests.netns import Networks, inside

HEADER = bytes.fromhex("0000 8400 0001 0002 0000 0000")
QUESTION = b"\x04mara\x05local\0" + bytes.fromhex("0001 0001")
POINTED = bytes.fromhex("c00c 0001 8001 00000078 0004 0a4d0102")
SPELLED = b"\x04Mara\x05LOCAL\0" + bytes.fromhex("0001 0001 00000078 0004 0a080002")
ANSWER = HEADER + QUESTION + POINTED + SPELLED


def test_a_question_names_what_is_asked_for() -> None:
    header, again = bytes.fromhex("0000 0000 0002 0000 0000 0000"), bytes.fromhex("c00c 001c 0001")
    assert build_query("mara.local") == header + QUESTION + again
    assert build_query("mara.local.") == build_query("mara.local")


@pytest.mark.parametrize("name", ["a" * 64 + ".local", "a..local"])
def test_what_is_no_name_is_not_asked_for(name: str) -> None:
    with pytest.raises(UnicodeError):
        build_query(name)


def test_an_answer_gives_addresses_of_both_versions_of_ip() -> None:
    sixth = bytes.fromhex("c00c 001c 8001 00000078 0010 fd770000000000000000000000000002")
    assert parse_addresses(HEADER + QUESTION + sixth + POINTED, "mara.local") == ["10.77.1.2", "fd77::2"]


async def test_by_ipv6_alone_a_name_is_heard() -> None:
    with Networks() as networks:
        lan, host, guest = networks.lan(), networks.machine(), networks.machine()
        host.plug(lan, "fd77::2/64")
        guest.plug(lan, "fd77::3/64")
        serve(host, "Robotics")
        with inside(guest):
            heard: list[str] = []
            deadline = time.monotonic() + 30
            while not heard and time.monotonic() < deadline:
                heard = await lookup_mdns("robotics.local", own_networks())
    assert heard == ["fd77::2"]


@pytest.mark.parametrize("name", ["mara.local", "MARA.local."])
def test_an_answer_gives_all_addresses_of_the_name(name: str) -> None:
    assert parse_addresses(ANSWER, name) == ["10.77.1.2", "10.8.0.2"]


def test_an_answer_about_another_name_says_nothing() -> None:
    assert parse_addresses(ANSWER, "kit.local") == []


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        HEADER,
        ANSWER[:-1],
        HEADER + bytes.fromhex("c00c 0001 0001"),
        HEADER + bytes.fromhex("ffff 0001 0001"),
        HEADER + b"\x3f" + b"a" * 10,
        HEADER + QUESTION + b"\x02\xff\xfe\0" + POINTED[2:],
    ],
)
def test_a_broken_answer_says_nothing(packet: bytes) -> None:
    assert parse_addresses(packet, "mara.local") == []


@given(st.binary(max_size=200))
def test_any_packet_is_read_to_an_end(rest: bytes) -> None:
    parse_addresses(HEADER + rest, "mara.local")
    parse_addresses(HEADER + QUESTION + rest, "mara.local")
