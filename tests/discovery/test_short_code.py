"""A short code says an address across a room, and leads back to it."""

import ipaddress
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.discovery.networks import Network, NetworkKind
from chatdesk.discovery.short_code import WORDS, addresses_for_code, looks_like_code, short_code

HERE = Network("wlan0", NetworkKind.WIFI, "", ("192.168.4.20", "fd00::2"), (24, 64))
OFFICE = Network("eth0", NetworkKind.ETHERNET, "", ("10.11.12.13",), (8,))


def distance(one: str, other: str) -> int:
    """How many letters have to be inserted, removed or replaced."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row = row, [number]
        for column, against in enumerate(other, 1):
            row.append(min(row[-1] + 1, before[column] + 1, before[column - 1] + (letter != against)))
    return row[-1]


def test_there_is_a_short_word_for_each_byte_and_no_two_are_one_letter_apart() -> None:
    assert len(set(WORDS)) == len(WORDS) == 256
    assert all(word.isascii() and word.isalpha() and word.islower() and 3 <= len(word) <= 6 for word in WORDS)
    assert [(one, other) for one, other in itertools.combinations(WORDS, 2) if distance(one, other) < 2] == []


def test_it_is_a_word_and_a_number_and_the_port_only_where_it_is_an_unusual_one() -> None:
    word = WORDS[4]
    assert short_code("192.168.4.20", 8080) == f"{word}-20"
    assert short_code("192.168.4.20", 8081) == f"{word}-20-8081"


@pytest.mark.parametrize("address", ["fd00::1", "::1", "127.0.0.1", "0.0.0.0"])
def test_what_leads_others_nowhere_has_none(address: str) -> None:
    assert short_code(address, 8080) is None


@given(st.integers(0, 255), st.integers(0, 255), st.integers(1, 65535))
def test_it_leads_back_to_its_address(third: int, fourth: int, port: int) -> None:
    code = short_code(f"192.168.{third}.{fourth}", port)
    assert code
    assert looks_like_code(code)
    assert f"192.168.{third}.{fourth}:{port}" in addresses_for_code(code, [OFFICE, HERE])


@given(st.ip_addresses(v=4), st.integers(1, 65535))
def test_it_is_short_and_has_nothing_that_needs_explaining(ip: ipaddress.IPv4Address, port: int) -> None:
    code = short_code(str(ip), port)
    if code:
        assert len(code) <= len("pigeon-255-65535")
        assert set(code) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    "typed",
    [
        "kite-42",
        "\u2068kite-42\u2069\u200b",
        "Kite 42",
        "KITE42",
        " kite - 42 ",
        "kite–42",
        "kite‑42",
        "kite — 42",
        "kite  42",
        "kite\t42",
    ],
)
def test_it_is_read_however_it_is_typed(typed: str) -> None:
    assert looks_like_code(typed)
    assert addresses_for_code(typed, [HERE]) == [f"192.168.{WORDS.index('kite')}.42:8080"]


@pytest.mark.parametrize("typed", ["kite-42-8081", "Kite 42 8081", "kite42-8081"])
def test_so_is_its_port(typed: str) -> None:
    assert addresses_for_code(typed, [HERE]) == [f"192.168.{WORDS.index('kite')}.42:8081"]


@pytest.mark.parametrize(
    "typed",
    [
        *("", "kite", "42", "-42", "kite-", "kite-256", "kite-1000", "kite-42-0", "kite-42-65536", "kite-42-"),
        *("kite.42", "kite-42.local", "kite:42", "192.168.4.20", "192.168.4.20:8080", "kite-4²", "kite-٤٢"),
        *("kyte-42", "localhost", "http://kite-42", "kite-42/ws", "kite 42 8081 1", "kite\n42\nkite 42"),
    ],
)  # fmt: skip
def test_anything_else_is_no_code(typed: str) -> None:
    assert not looks_like_code(typed)
    assert addresses_for_code(typed, [HERE]) == []


@given(st.text())
def test_no_text_upsets_it(text: str) -> None:
    assert bool(addresses_for_code(text, [HERE])) == looks_like_code(text)


def test_an_address_that_is_near_is_tried_first_and_none_twice() -> None:
    code = short_code("10.11.4.7", 8080)
    assert code
    near = Network("eth1", NetworkKind.OTHER, "", ("10.11.4.9", "10.11.5.9"), (24, 24))
    assert addresses_for_code(code, [HERE, OFFICE, near]) == ["192.168.4.7:8080", "10.11.4.7:8080"]
    far = short_code("10.11.9.7", 8080)
    assert far
    assert addresses_for_code(far, [HERE, OFFICE]) == ["10.11.9.7:8080", "192.168.9.7:8080"]
    assert addresses_for_code(code, []) == []
