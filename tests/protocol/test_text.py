"""Sent text is clean and visible, whatever was typed, pasted or dropped."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.protocol.text import (
    clean_content,
    clean_line,
    clean_text,
    has_controls,
    is_visible,
    isolated,
    lines,
    one_line,
)
from tests.shared_cases import INVISIBLE, ONE_LINE, REPEATED, SENT, VISIBLE
from tests.work import cpu_seconds


@pytest.mark.parametrize(("typed", "sent"), SENT)
def test_what_is_sent_is_clean(typed: str, sent: str) -> None:
    assert clean_content(typed) == sent


@pytest.mark.parametrize(("typed", "line"), ONE_LINE)
def test_a_name_or_a_query_is_one_clean_line(typed: str, line: str) -> None:
    assert clean_line(typed) == line


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_shows_nothing_is_nothing(text: str) -> None:
    assert not is_visible(text)
    assert clean_content(text) == ""


@pytest.mark.parametrize("text", VISIBLE)
def test_what_shows_anything_is_sent(text: str) -> None:
    assert is_visible(text)
    assert clean_content(text) == text


@given(st.text() | st.text("\x1b[]31m;\x07\\\x90\x9b\r\n\x0b\ufeff\u200b a"))
def test_what_is_clean_stays_as_it_is_and_has_no_control_characters(text: str) -> None:
    sent = clean_content(text)
    assert clean_content(sent) == sent
    assert not has_controls(sent)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") and char not in "\n\t" for char in sent)
    assert is_visible(sent) or not sent


def test_what_was_pasted_keeps_its_blank_lines() -> None:
    assert clean_text("\n a\x0b\n") == "\n a\n\n"


def test_every_sign_that_breaks_a_line_breaks_one() -> None:
    assert lines("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h\n") == [*"abcdefgh", ""]


@pytest.mark.parametrize("unit", REPEATED)
def test_the_longest_message_takes_a_moment_however_it_repeats(unit: str) -> None:
    assert _cleaning(unit * CONTENT_CHARS) < 10 * _cleaning("Some words, and a line.\n" * CONTENT_CHARS)


def _cleaning(text: str) -> float:
    return cpu_seconds(lambda: clean_content(text[:CONTENT_CHARS]))


TURNING = "\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\u200e\u200f\u061c"
BREAKING = "\n\r\v\f\x1c\x85\u2028\u2029"


@pytest.mark.parametrize("name", ["Kit", "Tomás O’Neil 2", "名前", "🤖", "👩‍👩‍👧"])
def test_a_name_that_turns_nothing_stays_as_it_is(name: str) -> None:
    assert isolated(name) == name == one_line(name, 100)


@pytest.mark.parametrize("name", ["نور", "שרה", "7 נור", "می\u200cخواهم"])
def test_a_name_that_reads_leftwards_is_isolated(name: str) -> None:
    assert isolated(name) == f"\u2068{name}\u2069"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\u202eevil", "evil"),
        ("a\u2067b", "a b"),
        ("\u2069\u2069out", "out"),
        ("\u200fmark\u200f", "mark"),
        ("\u2068\u2068נור", "\u2068נור\u2069"),
        ("two\nlines\u2028more\x85\v.", "two lines more ."),
        ("\x1b[31mred\x07", "[31mred"),
        ("\u2067\u202e\n", ""),
        ("\u3164", ""),
    ],
)
def test_a_name_opens_and_leaves_no_isolation_and_breaks_no_line(name: str, shown: str) -> None:
    assert isolated(name) == shown


@given(st.text(st.one_of(st.characters(), st.sampled_from(TURNING + BREAKING + "نa"))))
def test_nothing_that_is_isolated_reaches_beyond_its_words(words: str) -> None:
    inner = isolated(words).removeprefix("\u2068").removesuffix("\u2069")
    assert not set(inner) & set(TURNING + BREAKING + "\x1b")
    assert isolated(inner).removeprefix("\u2068").removesuffix("\u2069") == inner


def test_a_line_has_an_end() -> None:
    assert one_line("x" * 300, 100) == "x" * 100
    assert one_line(" " * 10_000_000 + "x", 100) == ""
