"""Questions to the network, and what comes back of them, which may be anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.doctor.local_names import addresses_in, question_for

HEADER = bytes.fromhex("0000 8400 0001 0002 0000 0000")
QUESTION = b"\x04mara\x05local\0" + bytes.fromhex("0001 0001")
POINTED = bytes.fromhex("c00c 0001 8001 00000078 0004 0a4d0102")
SPELLED = b"\x04Mara\x05LOCAL\0" + bytes.fromhex("0001 0001 00000078 0004 0a080002")
ANSWER = HEADER + QUESTION + POINTED + SPELLED


def test_a_question_names_what_is_asked_for() -> None:
    assert question_for("mara.local") == bytes.fromhex("0000 0000 0001 0000 0000 0000") + QUESTION
    assert question_for("mara.local.") == question_for("mara.local")


@pytest.mark.parametrize("name", ["a" * 64 + ".local", "a..local"])
def test_what_is_no_name_is_not_asked_for(name: str) -> None:
    with pytest.raises(UnicodeError):
        question_for(name)


@pytest.mark.parametrize("name", ["mara.local", "MARA.local."])
def test_an_answer_gives_all_addresses_of_the_name(name: str) -> None:
    assert addresses_in(ANSWER, name) == ["10.77.1.2", "10.8.0.2"]


def test_an_answer_about_another_name_says_nothing() -> None:
    assert addresses_in(ANSWER, "kit.local") == []


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
    assert addresses_in(packet, "mara.local") == []


@given(st.binary(max_size=200))
def test_any_packet_is_read_to_an_end(rest: bytes) -> None:
    addresses_in(HEADER + rest, "mara.local")
    addresses_in(HEADER + QUESTION + rest, "mara.local")
