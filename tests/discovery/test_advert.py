"""An advert fits its records, and an advert from the network is cleaned."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.discovery.advert import SERVICE, Advert, clean_name, parse_txt_record, shorten
from tests.shared_cases import INVISIBLE

ADVERT = Advert("0123456789abcdef", "Robotics workshop", "Mara", 3, 2, True, 8080, "0.1.0")
NAMES = st.text(st.characters(exclude_categories=["Cs"]))
FAMILY = "👩‍👩‍👧‍👦"


def named(name: str) -> Advert:
    return Advert("0123456789abcdef", name, "", 0, 1, False, 8080, "0.1.0")


def test_it_comes_back_as_it_was() -> None:
    assert parse_txt_record(ADVERT.txt_record(), 8080) == ADVERT


@given(NAMES, NAMES, st.integers(), st.integers())
def test_whatever_its_name_it_fits_and_is_read(name: str, host: str, people: int, rooms: int) -> None:
    advert = Advert("0123456789abcdef", name, host, people, rooms, False, 8080, "0.1.0")
    text = advert.txt_record()
    assert all(len(key) + 1 + len(value) <= 255 for key, value in text.items())
    read = parse_txt_record(text, 8080)
    assert read
    assert read.name
    assert len(read.name) <= 100
    assert 0 <= read.people <= 1_000_000


@given(NAMES)
def test_its_names_in_the_network_are_names(name: str) -> None:
    instance, _, rest = named(name).instance.partition(f".{SERVICE}")
    assert rest == ""
    assert len(instance.encode()) <= 63
    assert "." not in instance
    assert instance.isprintable() or clean_name(instance) == instance


def test_two_chats_of_one_name_are_two_services_on_two_machines() -> None:
    one, other = (Advert(server_id * 8, "Robotics", "", 0, 1, False, 8080, "") for server_id in ("0a", "0b"))
    assert one.instance != other.instance
    assert one.mdns_host != other.mdns_host


@pytest.mark.parametrize(
    ("text", "size", "kept"),
    [
        ("Robotics", 8, "Robotics"),
        ("Robotics", 7, "Robotic"),
        ("Größe", 3, "Gr"),
        ("🤖🤖", 7, "🤖"),
        (f"a{FAMILY}", 20, "a"),
        ("e\u0301e\u0301", 5, "e\u0301"),
        ("a b", 2, "a"),
        ("ورشة", 3, "و"),
    ],
)
def test_no_letter_is_cut_in_two_nor_a_picture_that_is_made_of_several(text: str, size: int, kept: str) -> None:
    assert shorten(text, size) == kept


@given(NAMES, st.integers(0, 300))
def test_what_is_cut_is_a_beginning_that_fits(text: str, size: int) -> None:
    kept = shorten(text, size)
    assert len(kept.encode()) <= size
    assert text.startswith(kept)


@given(NAMES)
def test_what_is_shown_has_one_line_and_nothing_that_hides_or_turns_the_writing(text: str) -> None:
    shown = clean_name(text)
    assert len(shown) <= 100
    assert shown == shown.strip()
    for char in shown:
        assert unicodedata.category(char) not in ("Cc", "Co", "Cs", "Zl", "Zp")
        assert unicodedata.category(char) != "Cf" or char in "\u200c\u200d"
    assert clean_name(shown) == shown


def test_names_of_all_scripts_and_pictures_stay_as_they_are() -> None:
    for name in ("ورشة الروبوتات", "ロボット工作室", f"Family {FAMILY}", "نمی\u200cدانم", "Zażółć gęślą"):
        assert clean_name(name) == name


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\u202eb", "a\nb", "\x00", "a\u2028b", "\u200b", "\U000e0041"])
def test_what_would_play_with_a_screen_does_not_reach_it(text: str) -> None:
    assert not set(clean_name(text)) & set("\x1b\u202e\n\x00\u2028\u200b\U000e0041")


@pytest.mark.parametrize("name", INVISIBLE)
def test_an_invisible_name_is_no_name(name: str) -> None:
    assert clean_name(name) == ""
    advert = parse_txt_record({b"id": b"0123456789abcdef", b"name": name.encode()}, 8080)
    assert advert
    assert advert.name == "ChatDesk"


@given(st.dictionaries(st.binary(max_size=20), st.none() | st.binary(max_size=255)), st.integers(0, 65535))
def test_no_record_upsets_it(text: dict[bytes, bytes | None], port: int) -> None:
    parse_txt_record(text, port)
    parse_txt_record({b"id": b"0123456789abcdef", **text}, port)


@pytest.mark.parametrize(
    ("change", "port"),
    [
        ({b"id": b""}, 8080),
        ({b"id": None}, 8080),
        ({b"id": b"x" * 65}, 8080),
        ({b"id": b"../../etc"}, 8080),
        ({b"id": "é".encode()}, 8080),
        ({}, 0),
        ({}, 65536),
    ],
)
def test_what_cannot_be_a_chats_is_none(change: dict[bytes, bytes | None], port: int) -> None:
    assert parse_txt_record({**ADVERT.txt_record(), **change}, port) is None


@pytest.mark.parametrize("number", [b"", b"-1", b"many", b"9" * 200, "٣".encode(), b"1e9", b"\xff"])
def test_an_invalid_number_is_zero(number: bytes) -> None:
    read = parse_txt_record({**ADVERT.txt_record(), b"people": number}, 8080)
    assert read
    assert read.people == 0


def test_what_is_missing_or_odd_is_left_out() -> None:
    read = parse_txt_record({b"ID": b"0123456789abcdef", b"version": b"1.0 <script>", b"host": b"\xff\xfe"}, 8080)
    assert read
    assert (read.name, read.version, read.people, read.locked) == ("ChatDesk", "", 0, False)
    assert read.host == "��"
