"""Valid names of people and rooms, and which nicknames are too alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import RESERVED, clean_nickname, clean_room, nickname_key
from tests.shared_cases import INVISIBLE

# Letters of many scripts, and what tries to hide among them.
tricky = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(" \u00a0\u200b\u200d\ufe0f\u202e\u0301\u0308Ааα0O1lIrnmvw._-👩💻é\u3164\u034f"),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("john_doe", "john_doe"),
        ("  Mara  ", "Mara"),
        ("Ann  Lee", "Ann Lee"),
        ("Cafe\u0301", "Café"),
        ("x" * 32, "x" * 32),
        ("é" * 32, "é" * 32),
        ("O’Brien (ops)", "O’Brien (ops)"),
        ("田中さん", "田中さん"),
        ("Ольга", "Ольга"),
        ("नमस्ते", "नमस्ते"),
        ("ไทยที่นี่", "ไทยที่นี่"),
        ("مريم", "مريم"),
        ("🦊", "🦊"),
        ("👩\u200d💻 Eva", "👩\u200d💻 Eva"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("7", "7"),
    ],
)
def test_names_of_every_script_are_taken_and_tidied(text: str, name: str) -> None:
    assert clean_nickname(text) == name


@pytest.mark.parametrize(
    "text",
    [
        *INVISIBLE,
        "x" * 33,
        "x" * 10_000,
        " " * 10_000,
        "a\x00b",
        "a\nb",
        "a\tb",
        "a\x7fb",
        "a\x85b",
        "zero\u200bwidth",
        "zero\u200cwidth",
        "a\u200db",
        "\u200d👩",
        "👩\u200d",
        "\ufeffAnn",
        "\u202eevil",
        "\u2066evil\u2069",
        "Ann\u200e",
        "soft\u00adhyphen",
        "\u2028",
        "no\u00a0break",
        "wide\u3000space",
        "\u3164",
        "Ann\u3164",
        "\u2800",
        "\u115f",
        "Ann\u034f",
        "Ann\ufe01",
        "tag\U000e0041",
        "x\u0301\u0301\u0301",
        "Z\u0351\u0352\u0353\u0354",
        "\ue000",
        "\U0010ffff",
        "\ud800",
        "...",
        "- -",
        "\u0301",
        "system",
        "System",
        "SERVER",
        "host",
        "H0st",
        "ChatDesk",
        "ѕystem",
        "ｓｙｓｔｅｍ",
        "_system_",
        "chat.desk",
    ],
)
def test_names_that_hide_or_pretend_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        clean_nickname(text)
    assert caught.value.code == ErrorCode.BAD_NICKNAME
    assert caught.value.ref == "join"
    assert caught.value.content.startswith("Choose")


@given(tricky)
def test_cleaning_a_clean_name_changes_nothing(text: str) -> None:
    try:
        name = clean_nickname(text)
    except ProtocolError:
        return
    assert 1 <= len(name) <= 32
    assert clean_nickname(name) == name


@given(tricky)
def test_the_key_of_a_name_does_not_depend_on_how_it_was_typed(text: str) -> None:
    assert nickname_key(nickname_key(text)) == nickname_key(text)
    try:
        name = clean_nickname(text)
    except ProtocolError:
        return
    assert nickname_key(name) == nickname_key(text)
    assert nickname_key(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ADMIN", "admin"),
        ("ａｄｍｉｎ", "admin"),
        ("аdmin", "admin"),
        ("МАХ", "max"),
        ("ВОВ", "Bob"),
        ("rnara", "mara"),
        ("vvill", "will"),
        ("B0b", "Bob"),
        ("1isa", "lisa"),
        ("Ann Lee", "ann_lee"),
        ("Ann.Lee", "Ann-Lee"),
        ("Ann\u2010Lee", "Ann-Lee"),
        ("Straße", "STRASSE"),
        ("Cafe\u0301", "Café"),
        ("❤\ufe0f", "❤"),
        ("ёva", "ëva"),
        ("Νoah", "Noah"),
    ],
)
def test_names_that_look_alike_have_the_same_key(one: str, other: str) -> None:
    assert nickname_key(one) == nickname_key(other)


@pytest.mark.parametrize(("one", "other"), [("Ann", "Anna"), ("José", "Jose"), ("Mia", "Mio"), ("🦊", "🐻")])
def test_names_that_people_tell_apart_have_different_keys(one: str, other: str) -> None:
    assert nickname_key(one) != nickname_key(other)


def test_no_reserved_name_can_be_had() -> None:
    for name in RESERVED:
        with pytest.raises(ProtocolError, match="reserved"):
            clean_nickname(name.title())


@pytest.mark.parametrize(
    ("text", "name"), [("lobby", "lobby"), ("Build-Floor", "build-floor"), ("Raum7", "raum7"), ("会議室", "会議室")]
)
def test_a_room_has_one_form(text: str, name: str) -> None:
    assert clean_room(text) == name


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "-a", "a-", "x" * 33, "../etc", "a/b", "a\x00", "<b>", "a\u202eb", "\u3164", "a\u115f"]
)
def test_what_is_no_room_name_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        clean_room(text)
    assert caught.value.code == ErrorCode.BAD_ROOM


@given(tricky)
def test_the_form_of_a_room_is_stable(text: str) -> None:
    try:
        name = clean_room(text)
    except ProtocolError:
        return
    assert clean_room(name) == name
