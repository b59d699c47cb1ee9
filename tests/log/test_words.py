"""What counts as a word in the writings of the world, and what two spellings of one have in common."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.log.words import folded, words

texts = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello, world!", "hello world"),
        ("  ", ""),
        ("", ""),
        ("?!… — \u202e\0", ""),
        ("don't", "don t"),
        ("snake_case and kebab-case", "snake case and kebab case"),
        ("Grüße aus Łódź", "grusse aus łodz"),
        ("CAFÉ cafe\u0301 café", "cafe cafe cafe"),
        ("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"),
        ("İstanbul ＩＳＴＡＮＢＵＬ", "istanbul istanbul"),
        ("3.14 ½ ²", "3 14 1⁄2 2"),
        ("v2beta", "v2beta"),
        ("日本語", "日 本 語"),
        ("Tokyo東京tower", "tokyo 東 京 tower"),
        ("ภาษา", "ภ า ษ า"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("שָׁלוֹם", "שלום"),
        ("👍🏽 ok", "👍 🏽 ok"),
        ("한국어", "한국어"),
        ("⑴ ¨ ´ \ufdfa", "1 صلىاللهعليهوسلم"),
    ],
)
def test_a_text_is_found_by_these_words(text: str, found: str) -> None:
    assert folded(text) == unicodedata.normalize("NFKD", found)


@pytest.mark.parametrize("mark", ["\u0301", "\u0308", "\u0327", "\u093f"])
def test_a_mark_alone_is_no_word_and_breaks_none(mark: str) -> None:
    assert list(words(mark)) == []
    assert len(list(words(f"ab{mark}cd"))) == 1


def test_what_is_endless_is_cut_so_that_no_word_is_longer_than_the_index_likes() -> None:
    for letter in ("x", "é"):
        found = list(words(letter * 200))
        assert [word.end - word.start for word in found] == [64, 64, 64, 8]
        assert len(folded(letter * 200).split()) == 4


@given(texts)
def test_words_stand_in_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.folded
        end = word.end


@given(texts)
def test_the_spelling_of_letters_and_their_case_do_not_count(text: str) -> None:
    for other in (unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)):
        assert folded(other).replace(" ", "") == folded(text).replace(" ", "")


@given(st.text(st.characters(max_codepoint=127), max_size=200) | st.text("aB1 _", max_size=200))
def test_the_short_way_for_plain_text_leads_to_the_same_words(text: str) -> None:
    assert folded(text) == " ".join(word.folded for word in words(text))
    assert [*words(f"{text} é")][:-1] == [*words(text)]


@given(texts | st.text("aB1 _"), st.integers(0, 20))
def test_words_from_one_on_are_the_last_ones(text: str, first: int) -> None:
    assert [*words(text, first)] == [*words(text)][first:]


def test_no_character_at_all_brings_into_a_word_what_the_index_takes_for_its_end() -> None:
    """Quotation marks, above all: they would end the string that a query is made of."""
    for code in range(sys.maxunicode + 1):
        if not 0xD800 <= code <= 0xDFFF:
            for word in words(f"a{chr(code)}"):
                assert all(char.isalnum() or not char.isascii() for char in word.folded)
