"""Valid names of people and rooms, and which nicknames are too alike."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.protocol.confusables import table
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.looks import alike, candidate_keys, is_plain
from chatdesk.protocol.names import EVERYBODY, clean_nickname, clean_room, nickname_key
from chatdesk.protocol.reserved_names import ADDRESSES, ROLES
from tests.shared_cases import INVISIBLE, NAMES

ROOT = Path(__file__).parents[2]

# Letters of many scripts, and what tries to hide among them.
tricky = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(" \u00a0\u200b\u200d\ufe0f\u202e\u0301\u0308Ааα0O1lIrnmvw._-👩💻é\u3164\u034f"),
    ),
    max_size=40,
)


@pytest.mark.parametrize(("text", "name"), NAMES["kept"])
def test_names_of_every_script_are_taken_and_tidied(text: str, name: str) -> None:
    assert clean_nickname(text) == name


@pytest.mark.parametrize("text", [*INVISIBLE, *NAMES["refused"], " " * 10_000, "x" * 10_000, "\ud800"])
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


@pytest.mark.parametrize(("one", "other"), NAMES["alike"])
def test_names_that_people_confuse_are_alike_and_found(one: str, other: str) -> None:
    for name, known in ((one, other), (other, one)):
        assert alike(name, known)
        assert not is_plain(known) or nickname_key(known) in candidate_keys(name)


@pytest.mark.parametrize(("one", "other"), NAMES["apart"])
def test_names_that_people_tell_apart_are_not_alike(one: str, other: str) -> None:
    assert not alike(one, other)
    assert nickname_key(one) != nickname_key(other)


ascii_names = st.text("IiLl1|0Ooa bRrNnMmVvWw.3", min_size=1, max_size=5)


@given(ascii_names, ascii_names)
def test_every_plain_name_that_looks_like_another_is_found(one: str, other: str) -> None:
    if alike(one, other) and is_plain(other):
        assert nickname_key(other) in candidate_keys(one)


def test_the_table_is_the_one_that_unicode_s_file_gives() -> None:
    spec = importlib.util.spec_from_file_location("make_confusables", ROOT / "packaging" / "confusables.py")
    assert spec
    assert spec.loader
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    assert (ROOT / "chatdesk" / "protocol" / "confusables.py").read_text("utf-8") == maker.module(maker.source())


@pytest.mark.parametrize("word", [*ROLES, *ADDRESSES])
def test_no_reserved_name_can_be_had(word: str) -> None:
    for name in (word, word.title(), word.upper()):
        with pytest.raises(ProtocolError, match="reserved"):
            clean_nickname(name)


@pytest.mark.parametrize("word", [EVERYBODY, *ROLES[:5]])
def test_no_name_alike_to_a_reserved_one_can_be_had(word: str) -> None:
    """Letter by letter, with each letter of another script that Unicode says is drawn like it."""
    for place, letter in enumerate(word):
        for char in (chr(code) for code, drawn in table().items() if drawn == letter):
            typed = f"{word[:place]}{char}{word[place + 1 :]}"
            assert is_refused(typed) or not alike(clean_nickname(typed), word), ascii(typed)


def is_refused(name: str) -> bool:
    try:
        clean_nickname(name)
    except ProtocolError:
        return True
    return False


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
