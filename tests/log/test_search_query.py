"""Whatever is typed finds text that contains it; index and excerpt agree."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatdesk.log.history_pages import RoomView, completions, search
from chatdesk.log.memory import MemoryLog
from chatdesk.log.retention import delete_entries
from chatdesk.log.room_epoch import RoomEpoch
from chatdesk.log.room_log import Hits
from chatdesk.log.schema import entry_place, migrate
from chatdesk.log.search_query import SearchQuery
from chatdesk.log.tokenizer import index_text, mark_words, words
from chatdesk.protocol.search_folding import fold
from tests.log.database_room import append_drafts
from tests.log.harness import draft
from tests.searches import CASES, Case

texts = st.text(st.characters(exclude_categories=["Cs"]))
talk = st.text("ab é.日本👍-'\" ", max_size=40)
"""Text of few letters, so that one is often found in another."""


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """A database with the tables of the log."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db)
    yield db
    db.close()


def shown(found: Hits) -> list[str]:
    """Return the found messages with hits in brackets, oldest first."""
    return ["".join(f"[{part}]" if place % 2 else part for place, part in enumerate(hit.parts)) for hit in found.hits][
        ::-1
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.query)
async def test_a_search_in_any_script_finds_what_a_reader_would(index: sqlite3.Connection, case: Case) -> None:
    texts = [*(text.replace("[", "").replace("]", "") for text in case.found), *case.missed]
    memory, room = MemoryLog(str), RoomEpoch(1, "lobby", "e", str)
    for text in texts:
        memory.append(draft(text), lambda refusal: pytest.fail(str(refusal)))
    answers = [await memory.search(case.query, None, 50)]
    append_drafts(index, room, *map(draft, texts))
    try:
        answers.append(search(index, RoomView.of(room), SearchQuery(case.query), None, 50))
    finally:
        delete_entries(index, entry_place(1, 0), entry_place(2, 0))
    for found in answers:
        assert shown(found) == case.found


def matches(index: sqlite3.Connection, query: SearchQuery, text: str) -> bool:
    """Return whether the index finds the text; it ignores signs between words, so it may find too much."""
    index.execute("BEGIN")
    index.execute("INSERT INTO search (rowid, text) VALUES (1, ?)", (index_text(text),))
    by_beginning, by_words = (
        index.execute("SELECT rowid FROM search WHERE search MATCH ?", (expression,)).fetchall()
        for expression in (query.expression(), query.expression(completions(index, query)))
    )
    index.execute("ROLLBACK")
    assert by_beginning == by_words
    return bool(by_words)


@pytest.mark.parametrize(
    ("query", "text", "parts"),
    [
        ("hello", "Hello there", ["", "Hello", " there"]),
        ("there hello", "Hello there", ["", "Hello", " ", "there", ""]),
        ("the", "Over there", ["Over ", "there", ""]),
        ("the over", "Over there", []),
        ("t", "to be", []),
        ("t", "plan t!", ["plan ", "t", "!"]),
        ("grusse", "Viele Grüße", ["Viele ", "Grüße", ""]),
        ("file.txt", "see file.txt or txt file", ["see ", "file.txt", " or txt file"]),
        ("txt.file", "see file.txt", []),
        ("本語", "日本語で", ["日", "本語", "で"]),
        ("👍", "good 👍🏽", ["good ", "👍", "🏽"]),
        ("aa", "aaa aa a", ["", "aaa", " ", "aa", " a"]),
        ('say "hi"', "I say hi", ["I ", "say", " ", "hi", ""]),
        ("missing", "Hello there", []),
        ("hello missing", "Hello there", []),
        ("hell", "Hello hell helmet", ["", "Hello", " ", "hell", " helmet"]),
        ("say hell", "say hello", ["", "say", " ", "hello", ""]),
        ("the-re", "the rest", ["", "the rest", ""]),
        ("the.rest", "the.restless", ["", "the.restless", ""]),
    ],
)
def test_an_excerpt_shows_what_was_found(index: sqlite3.Connection, query: str, text: str, parts: list[str]) -> None:
    assert SearchQuery(query).excerpt(text) == parts
    assert matches(index, SearchQuery(query), text) or not parts


@pytest.mark.parametrize("query", ["", "  ", "?!", '"', '""', "* ( )", "\0", "\u202e", "\u0301", "…", "\u00ad"])
def test_there_is_nothing_to_search_for_in_signs_alone(query: str) -> None:
    assert not SearchQuery(query)


@pytest.mark.parametrize("query", ["a AND b", "NOT hello", "NEAR(a b)", "text:hello", "^hello", "hello*", '"', "a OR"])
def test_what_would_be_an_expression_is_text(index: sqlite3.Connection, query: str) -> None:
    asked, text = SearchQuery(query), f"so {query}"
    assert not asked or (asked.excerpt(text) and matches(index, asked, text))


def test_of_a_long_text_the_part_around_the_first_hit_is_shown() -> None:
    text = "x " * 100 + "needle " + "y " * 100 + "needle"
    parts = SearchQuery("needle").excerpt(text)
    assert parts[0].startswith("…x x")
    assert parts[1] == "needle"
    assert parts[-1].endswith("y…") or parts[-1].endswith(" …")
    assert len(parts) == 3
    assert len("".join(parts)) <= 162


def test_of_a_long_text_no_more_is_marked_than_is_shown() -> None:
    parts = SearchQuery("needle").excerpt("x " * 100 + "needle " * 1_000)
    assert parts[1::2] == ["needle"] * 17
    assert len("".join(parts)) <= 162
    assert parts[-1].endswith("…")


def test_a_hit_that_is_longer_than_an_excerpt_is_cut_off() -> None:
    assert SearchQuery("a-b").excerpt(f"so a{',' * 7_000}b") == ["so ", f"a{',' * 156}", "…"]


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("the The THE", '("the" *)'),
        ('the "The"', '"the" AND ("the")'),
        ("회의에 c++", '"^회 의 에" AND ("c + +")'),
        ("the over the", '"the" AND ("over")'),
        ("a.b a.b a", '"a . b" AND ("a")'),
        (" ".join(map(str, range(1, 18))), f'{" AND ".join(f'"{n}"' for n in range(1, 16))} AND ("16")'),
        ("a-b-c-d-e-f-g-h-i-j-k-l-m n o p q", '"a b c d e f g h i j k l m" AND "n" AND "o" AND ("p")'),
        (f"{' '.join('abcdefghijklmn')} o-p-q", f'{" AND ".join(f'"{a}"' for a in "abcdefghijklmn")} AND ("o p")'),
        ("日本語日本語日本語日本語日本語日本語", '("日 本 語 日 本 語 日 本 語 日 本 語 日 本 語 日")'),
    ],
)
def test_only_the_first_words_of_many_count_and_each_once(query: str, expression: str) -> None:
    assert SearchQuery(query).expression() == expression


@given(texts, st.integers(0, 10), st.integers(1, 5))
def test_some_words_of_a_text_find_it(index: sqlite3.Connection, text: str, start: int, count: int) -> None:
    there = list(words(fold(text)))[start : start + count]
    query = SearchQuery(" ".join(word.text for word in there))
    if query:
        assert query.excerpt(text)
        assert matches(index, query, text)


@given(texts | talk, texts | talk)
@example("本", "日本")
@example("1", "⑴")
@example("¨", "¨")
def test_the_index_finds_whatever_the_excerpt_does(index: sqlite3.Connection, asked: str, text: str) -> None:
    query = SearchQuery(asked)
    if query:
        assert query.matches(mark_words(text)) == bool(query.excerpt(text))
        assert matches(index, query, text) or not query.matches(mark_words(text))


@given(texts | talk)
def test_the_whole_of_a_text_finds_it(index: sqlite3.Connection, text: str) -> None:
    query = SearchQuery(text)
    if query:
        assert query.excerpt(text)
        assert matches(index, query, text)


@given(talk, talk)
def test_an_excerpt_is_the_text_with_its_hits_set_apart(asked: str, text: str) -> None:
    query = SearchQuery(asked)
    if query and (parts := query.excerpt(text)):
        assert len(parts) % 2 == 1
        assert all(parts[1::2])
        assert "".join(parts) == text


@pytest.mark.parametrize(("count", "known"), [(64, 64), (65, 0)])
def test_a_beginning_of_very_many_words_is_left_to_the_index(index: sqlite3.Connection, count: int, known: int) -> None:
    text = " ".join(f"beginning{number}" for number in range(count))
    index.execute("BEGIN")
    index.execute("INSERT INTO search (rowid, text) VALUES (1, ?)", (index_text(text),))
    assert len(completions(index, SearchQuery("begin"))) == known
    index.execute("ROLLBACK")
    assert matches(index, SearchQuery("begin"), text)


def test_an_excerpt_begins_and_ends_between_words() -> None:
    text = f"{'before ' * 30}motor{' afterwards' * 30}"
    before, hit, after = SearchQuery("motor").excerpt(text)
    assert hit == "motor"
    assert set(before.removeprefix("…").split()) == {"before"}
    assert set(after.removesuffix("…").split()) == {"afterwards"}


def test_a_word_longer_than_an_excerpt_is_cut() -> None:
    assert SearchQuery("needle").excerpt(f"{'a' * 300} needle{'b' * 300}")[1].startswith("needleb")
