"""Folding maps all spellings of a text to one, and keeps what makes another letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.protocol.search_folding import fold, source_spans
from tests.spellings import DIFFERENT, SAME

texts = st.text(st.characters(exclude_categories=["Cs"]))
clusters = st.text(
    "aéıИй\u0306\u0301한가\u1100\u1161\u11a8ㄱﾡｶﾞが\u3099ำนู้कि\u093c\u200d\ufe0f❤👍🏽\u00ad \n", max_size=30
)
"""Text of characters that join the one before them in every possible way."""


@pytest.mark.parametrize(("one", "other"), SAME)
def test_these_are_spellings_of_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_these_are_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_what_is_folded_stays_as_it_is_and_no_mark_of_a_dropped_kind_is_left() -> None:
    for code in (*range(0xD800), *range(0xE000, 0x10000), *range(0x1D400, 0x1FB00), *range(0xE0000, 0xE0200)):
        folded = fold(chr(code))
        assert fold(folded) == folded, hex(code)
        assert unicodedata.normalize("NFC", folded) == folded, hex(code)


@given(texts | clusters)
def test_the_form_of_the_encoding_does_not_count(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert fold(fold(text)) == fold(text)


@given(texts | clusters | st.text("aB \t\0\x02-é"))
def test_each_folded_character_comes_from_somewhere_in_the_text(text: str) -> None:
    spans = source_spans(text)
    assert len(spans) == len(fold(text))
    assert spans == sorted(spans)
    for start, end in dict.fromkeys(spans):
        assert 0 <= start < end <= len(text)
    assert "".join(fold(text[start:end]) for start, end in dict.fromkeys(spans)) == fold(text)


def test_lines_and_controls_become_spaces() -> None:
    assert fold("A\tB\nC\0\x02é\u2028\x03") == "a b c  e  "
    assert fold("A\tB\nC\0\x02") == "a b c  "
