"""What counts as a word in the scripts of the world, and how it is indexed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.log.tokenizer import END, START, index_text, mark_words, words
from chatdesk.protocol.search_folding import fold

texts = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello, world!", "hello world"),
        ("  ", ""),
        ("", ""),
        ("?!… — \u202e\0", ""),
        ("don't", "don t"),
        ("snake_case and kebab-case", "snake _ case and kebab case"),
        ("Grüße aus Łódź", "grusse aus lodz"),
        ("CAFÉ cafe\u0301 café", "cafe cafe cafe"),
        ("İstanbul ＩＳＴＡＮＢＵＬ", "istanbul istanbul"),
        ("3.14 ½ ²", "3 . 14 1 / 2 2"),
        ("v2beta", "v2beta"),
        ("日本語", "日 本 語"),
        ("Tokyo東京tower", "tokyo 東 京 tower"),
        ("ภาษาหมู", "ภ า ษ า ห มู"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("ᠮᠣᠩᠭᠣᠯ ᮘᮞ", "ᠮᠣᠩᠭᠣᠯ ᮘᮞ"),
        ("שָׁלוֹם", "שלומ"),
        ("👍🏽 ok 🇩🇪🇸🇪", "👍 🏽 ok 🇩🇪 🇸🇪"),
        ("한국어 K팝", "^한 국 어 k ^팝"),
        ("C++ #7 a*b €", "c + + # 7 a b €"),
        ("ASP.NET, /etc/ . ..x C:\\a", "asp . net / etc . x c \\ a"),
        ("⑴ ¨ ´ \ufdfa", "1 صلي الله عليه وسلم"),
        ("\U0001fadf\U000e1234", "\U0001fadf \U000e1234"),
    ],
)
def test_a_text_is_found_by_these_words(text: str, found: str) -> None:
    """Also by unassigned characters, which may be emoji of a newer Unicode."""
    assert index_text(text) == found


@pytest.mark.parametrize("mark", ["\u0301", "\u0308", "\u0327", "\u093f"])
def test_a_mark_alone_is_no_word_and_breaks_none(mark: str) -> None:
    assert index_text(mark) == ""
    assert len(index_text(f"ab{mark}cd").split()) == 1


def test_what_is_endless_is_cut_so_that_no_word_is_longer_than_the_index_likes() -> None:
    for letter in ("x", "é", "д", "कि"):
        assert [len(word) for word in index_text(letter * 200).split()][:3] == [64, 64, 64]


@given(texts)
def test_words_stand_in_the_folded_text_in_order_and_apart(text: str) -> None:
    end, folded = 0, fold(text)
    for word in words(folded):
        assert end <= word.start < word.end <= len(folded)
        assert word.text == folded[word.start : word.end]
        end = word.end


@given(texts | st.text("aB1 _#+\0\x02\x03\n"))
def test_a_marked_text_is_the_folded_one_with_its_words_marked(text: str) -> None:
    said = mark_words(text)
    assert said.replace(START, "").replace(END, "") == fold(text)
    assert [part.split(END)[0] for part in said.split(START)[1:]] == [word.text for word in words(fold(text))]


@given(st.text(st.characters(max_codepoint=127), max_size=200) | st.text("aB1 _#+", max_size=200))
def test_the_short_way_for_plain_text_leads_to_the_same_words(text: str) -> None:
    assert f"{index_text(text)} e".split() == index_text(f"{text} é").split()
    assert f"{mark_words(text)} {START}e{END}" == mark_words(f"{text} é")


@given(texts)
def test_the_spelling_of_letters_and_their_case_do_not_count(text: str) -> None:
    for other in (unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)):
        assert index_text(other) == index_text(text)


def test_no_character_at_all_brings_into_a_word_what_would_end_it_or_the_query() -> None:
    """Above all no quotation marks, which would end the string in an FTS5 expression."""
    for code in (*range(0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0200)):
        assert not set(index_text(f"a{chr(code)}")) & set(" \"'*():-,\0\n") - {" "}, hex(code)
